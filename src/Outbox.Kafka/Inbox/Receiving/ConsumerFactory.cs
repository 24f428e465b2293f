using System.Text.RegularExpressions;
using Confluent.Kafka;
using Microsoft.Extensions.Logging;
using Outbox.Kafka.Inbox.Endpoint;

namespace Outbox.Kafka.Inbox.Receiving;

/// <summary>Builds consumers whose settings keep the guarantees.</summary>
internal sealed class ConsumerFactory(EndpointName endpoint, TopicEndpointSettings settings, KafkaOptions kafka, OutboxOptions outbox, ILogger logger)
{
    // The brokers' default of group.min.session.timeout.ms.
    private static readonly TimeSpan BrokersShortestSession = TimeSpan.FromSeconds(6);

    /// <summary>The topic, or the pattern, to subscribe to.</summary>
    public string Topic => endpoint.Topic;

    public ConsumerBuilder<byte[]?, byte[]?> Create() => new ConsumerBuilder<byte[]?, byte[]?>(Config())
        .SetKeyDeserializer(NullableBytes.Instance)
        .SetValueDeserializer(NullableBytes.Instance)
        .SetLogHandler((_, line) => logger.ConsumerLog(line.Facility, line.Message));

    public ConsumerConfig Config()
    {
        var config = new ConsumerConfig(new Dictionary<string, string>(kafka.Settings));
        // A topic that does not exist yet is looked for this often.
        config.TopicMetadataRefreshIntervalMs = 5_000;
        if (!IsSet("group.protocol", "consumer"))
        {
            JoinClassic(config);
        }

        foreach (var (name, value) in kafka.ConsumerSettings)
        {
            config.Set(name, value);
        }

        if (!string.IsNullOrEmpty(config.GroupInstanceId))
        {
            // The members of a group are told apart by it, and each endpoint is a member.
            config.GroupInstanceId = $"{config.GroupInstanceId}-{endpoint.Topic}";
        }

        if (endpoint.Topics.Selector.IsPattern && settings.DeadLetterTopic is { } deadLetters)
        {
            // A pattern that matches them would consume them again.
            var own = deadLetters.Length == 0 ? @"\.dlq$" : $"^{Regex.Escape(kafka.TopicPrefix + deadLetters)}$";
            config.TopicBlacklist = string.IsNullOrEmpty(config.TopicBlacklist) ? own : $"{config.TopicBlacklist},{own}";
        }

        config.BootstrapServers = kafka.BootstrapServers;
        config.GroupId = endpoint.Group;
        config.AutoOffsetReset = settings.AutoOffsetReset;
        // Offsets are stored by us, when their messages are done; librdkafka commits what is stored, also before a partition is given up.
        config.EnableAutoOffsetStore = false;
        config.EnableAutoCommit = true;
        config.AutoCommitIntervalMs = (int)settings.CheckpointInterval.TotalMilliseconds;
        config.EnablePartitionEof = false;
        config.ConsumeResultFields = "headers,timestamp,topic";
        return config;
    }

    /// <summary>With the newer protocol (KIP-848), the brokers decide these, and the client refuses them.</summary>
    private void JoinClassic(ConsumerConfig config)
    {
        config.PartitionAssignmentStrategy = PartitionAssignmentStrategy.CooperativeSticky;
        // After a kill, others take over within a lease's length, as relays do.
        var session = outbox.LeaseDuration > BrokersShortestSession ? outbox.LeaseDuration : BrokersShortestSession;
        config.SessionTimeoutMs = (int)session.TotalMilliseconds;
        config.HeartbeatIntervalMs = Math.Min(3_000, config.SessionTimeoutMs.Value / 4);
    }

    private bool IsSet(string name, string value) =>
        (kafka.ConsumerSettings.TryGetValue(name, out var set) || kafka.Settings.TryGetValue(name, out set)) && value.Equals(set, StringComparison.OrdinalIgnoreCase);

    private sealed class NullableBytes : IDeserializer<byte[]?>
    {
        public static readonly NullableBytes Instance = new();

        public byte[]? Deserialize(ReadOnlySpan<byte> data, bool isNull, SerializationContext context) => isNull ? null : data.ToArray();
    }
}
