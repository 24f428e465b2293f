using System.Globalization;
using Confluent.Kafka;

namespace Outbox.Kafka.Inbox.Configuration;

/// <summary>What a topic endpoint was configured with.</summary>
internal sealed class TopicEndpointSettings
{
    public const int DefaultPrefetchCount = 1_000;
    public const int DefaultConcurrentMessageLimit = 16;

    public required string Topic { get; init; }

    public required string Group { get; init; }

    public AutoOffsetReset AutoOffsetReset { get; set; } = AutoOffsetReset.Earliest;

    public TimeSpan CheckpointInterval { get; set; } = TimeSpan.FromSeconds(1);

    public int CheckpointMessageCount { get; set; } = 5_000;

    public int ConcurrentDeliveryLimit { get; set; } = 1;

    public TimeSpan RevokeTimeout { get; set; } = TimeSpan.FromSeconds(10);

    public int PrefetchCount { get; set; } = DefaultPrefetchCount;

    public int ConcurrentMessageLimit { get; set; } = DefaultConcurrentMessageLimit;

    public void Validate()
    {
        AtLeastOne(PrefetchCount, nameof(PrefetchCount));
        AtLeastOne(ConcurrentMessageLimit, nameof(ConcurrentMessageLimit));
        AtLeastOne(ConcurrentDeliveryLimit, nameof(ConcurrentDeliveryLimit));
        AtLeastOne(CheckpointMessageCount, nameof(CheckpointMessageCount));
        Between(CheckpointInterval, TimeSpan.FromMilliseconds(10), TimeSpan.FromHours(1), nameof(CheckpointInterval));
        Between(RevokeTimeout, TimeSpan.Zero, TimeSpan.FromMinutes(4), nameof(RevokeTimeout));
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
