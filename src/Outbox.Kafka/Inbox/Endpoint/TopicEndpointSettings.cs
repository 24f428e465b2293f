using System.Globalization;
using Confluent.Kafka;
using MassTransit;
using MassTransit.Configuration;
using MassTransit.Transports.Components;
using Outbox.Inbox;
using Outbox.Messages.Registration;

namespace Outbox.Kafka.Inbox.Endpoint;

/// <summary>What a topic endpoint was configured with.</summary>
internal sealed class TopicEndpointSettings
{
    public const int DefaultPrefetchCount = 1_000;
    public const int DefaultConcurrentMessageLimit = 16;

    /// <summary>A name, or a pattern that begins with <c>^</c>.</summary>
    public required string Topic { get; init; }

    public required string Group { get; init; }

    /// <summary>Whether the group has more topics than one: what is remembered under its name is of all of them.</summary>
    public bool HasSeveralTopics { get; init; }

    public LostMessagesPolicy OnLostMessages { get; set; }

    /// <summary>Whether it is no matter that Kafka deletes messages which were not read.</summary>
    public bool MayLoseMessages { get; init; }

    public AutoOffsetReset AutoOffsetReset { get; set; } = AutoOffsetReset.Earliest;

    public TimeSpan CheckpointInterval { get; set; } = TimeSpan.FromSeconds(1);

    public int CheckpointMessageCount { get; set; } = 5_000;

    public int ConcurrentDeliveryLimit { get; set; } = 1;

    public TimeSpan RevokeTimeout { get; set; } = TimeSpan.FromSeconds(10);

    /// <summary>Empty: named after the topic that a message came from.</summary>
    public string? DeadLetterTopic { get; set; }

    public InboxOptions Inbox { get; } = new();

    public KillSwitchOptions? KillSwitch { get; set; }

    public FailurePolicy? OnFailed { get; set; }

    public int PrefetchCount { get; set; } = DefaultPrefetchCount;

    public long PrefetchByteLimit { get; set; } = 64 * 1024 * 1024;

    public int? UncommittedMessageLimit { get; set; }

    /// <summary>How many messages of a partition may be read behind one that does not end.</summary>
    public int UncommittedLimit => UncommittedMessageLimit ?? Math.Max(10_000, 2 * PrefetchCount);

    public int ConcurrentMessageLimit { get; set; } = DefaultConcurrentMessageLimit;

    public bool WholeBatches { get; set; } = true;

    public TimeSpan? SnapshotInterval { get; set; }

    public IReadOnlyList<string> SnapshotCollections { get; set; } = [];

    /// <summary>Whether a consumer takes batches.</summary>
    public bool HasBatches { get; set; }

    /// <summary>Where the endpoint puts its batches together itself.</summary>
    public BatchLimits? Batches { get; set; }

    public void Validate()
    {
        AtLeastOne(PrefetchCount, nameof(PrefetchCount));
        AtLeastOne(ConcurrentMessageLimit, nameof(ConcurrentMessageLimit));
        AtLeastOne(ConcurrentDeliveryLimit, nameof(ConcurrentDeliveryLimit));
        AtLeastOne(UncommittedLimit, nameof(UncommittedMessageLimit));
        if (PrefetchByteLimit < 1)
        {
            Refuse(nameof(PrefetchByteLimit), PrefetchByteLimit.ToString(CultureInfo.InvariantCulture), "at least 1");
        }

        AtLeastOne(CheckpointMessageCount, nameof(CheckpointMessageCount));
        Between(CheckpointInterval, TimeSpan.FromMilliseconds(10), TimeSpan.FromHours(1), nameof(CheckpointInterval));
        Between(SnapshotInterval ?? TimeSpan.FromDays(1), TimeSpan.FromSeconds(1), TimeSpan.FromDays(365), nameof(ITopicEndpointConfigurator.SnapshotEvery));
        Between(RevokeTimeout, TimeSpan.Zero, TimeSpan.FromMinutes(4), nameof(RevokeTimeout));
        if (!Enum.IsDefined(OnLostMessages))
        {
            Refuse(nameof(OnLostMessages), OnLostMessages.ToString(), "GoOn or Stop");
        }

        if (DeadLetterTopic == Topic)
        {
            Refuse(nameof(DeadLetterTopic), $"'{Topic}'", "another topic than the one that is consumed");
        }

        KillSwitch?.Validate().ThrowIfContainsFailure($"UseKillSwitch of TopicEndpoint(\"{Topic}\", \"{Group}\", …) is misconfigured:");
    }

    /// <summary>While a partition's messages finish, the consumer does not poll; the group must not give it up for that.</summary>
    public void Validate(KafkaOptions kafka)
    {
        const string name = "max.poll.interval.ms";
        if ((kafka.ConsumerSettings.TryGetValue(name, out var text) || kafka.Settings.TryGetValue(name, out text))
            && int.TryParse(text, CultureInfo.InvariantCulture, out var milliseconds) && RevokeTimeout.TotalMilliseconds + 1_000 > milliseconds)
        {
            Refuse(nameof(RevokeTimeout), RevokeTimeout.ToString(), $"at least a second shorter than {name} ({milliseconds})");
        }
    }

    private void AtLeastOne(int value, string name)
    {
        if (value < 1)
        {
            Refuse(name, value.ToString(CultureInfo.InvariantCulture), "at least 1");
        }
    }

    private void Between(TimeSpan value, TimeSpan from, TimeSpan to, string name)
    {
        if (value < from || value > to)
        {
            Refuse(name, value.ToString(), $"from {from} to {to}");
        }
    }

    private void Refuse(string name, string value, string allowed) => throw new OutboxConfigurationException(
        $"{name} of TopicEndpoint(\"{Topic}\", \"{Group}\", …) is {value}; it must be {allowed}.");
}
