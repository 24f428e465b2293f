using System.Globalization;
using Confluent.Kafka;
using Outbox.Delivery;

namespace Outbox.Kafka;

/// <summary>The clients' configurations: the service's settings, and those that keep the guarantees.</summary>
internal static class ClientSettings
{
    /// <summary>What a producer sends in one request of one partition when nothing else is said: librdkafka's <c>message.max.bytes</c>.</summary>
    public const int MessageMaxBytes = 1_000_000;

    // The brokers' default of group.min.session.timeout.ms.
    private static readonly TimeSpan BrokersShortestSession = TimeSpan.FromSeconds(6);
    // librdkafka's default of max.poll.interval.ms.
    private static readonly TimeSpan ShortestPoll = TimeSpan.FromMinutes(5);
    private static readonly TimeSpan LongestBeat = TimeSpan.FromSeconds(3);

    public static ProducerConfig Producer(KafkaOptions kafka, OutboxOptions outbox)
    {
        var config = new ProducerConfig(Merge(kafka.Settings, kafka.ProducerSettings)) { BootstrapServers = kafka.BootstrapServers };
        config.Acks = Acks.All;
        config.EnableIdempotence = true;
        config.MessageTimeoutMs = (int)(outbox.LeaseDuration * DeliveryTimes.QueueShare).TotalMilliseconds;
        config.LingerMs ??= 0;
        config.Partitioner ??= Partitioner.Murmur2Random;
        // New partitions are known before the relays agree to use them.
        config.TopicMetadataRefreshIntervalMs ??= 10_000;
        config.QueueBufferingMaxMessages ??= Math.Max(100_000, 2 * outbox.QueryMessageLimit);
        config.DeliveryReportFields = "none";
        return config;
    }

    /// <summary>A consumer's, of any endpoint: its group, its offsets and what else is the endpoint's own come on top.</summary>
    public static ConsumerConfig Consumer(KafkaOptions kafka, OutboxOptions outbox)
    {
        var own = Merge(kafka.Settings, kafka.ConsumerSettings);
        // A topic that does not exist yet is looked for this often.
        own.TryAdd("topic.metadata.refresh.interval.ms", "5000");
        // What librdkafka reads ahead, beside what an endpoint holds: 64 MB if nothing is said. One answer may come on top, and is no larger unless fetch.max.bytes says so.
        own.TryAdd("queued.max.messages.kbytes", "16384");
        // A full queue would end fetching for a second.
        own.TryAdd("fetch.queue.backoff.ms", "50");
        if (!UsesConsumerProtocol(own))
        {
            own.TryAdd("partition.assignment.strategy", "cooperative-sticky");
            // After a kill, others take over within a lease's length, as relays do.
            var session = outbox.LeaseDuration > BrokersShortestSession ? outbox.LeaseDuration : BrokersShortestSession;
            own.TryAdd("session.timeout.ms", Milliseconds(session));
            if (session > ShortestPoll)
            {
                // It may not be shorter than the session.
                own.TryAdd("max.poll.interval.ms", Milliseconds(session));
            }

            var beat = (int.TryParse(own["session.timeout.ms"], CultureInfo.InvariantCulture, out var chosen) ? TimeSpan.FromMilliseconds(chosen) : session) / 4;
            own.TryAdd("heartbeat.interval.ms", Milliseconds(beat < LongestBeat ? beat : LongestBeat));
        }

        return new ConsumerConfig(own) { BootstrapServers = kafka.BootstrapServers };
    }

    public static AdminClientConfig Admin(KafkaOptions kafka) => new(new Dictionary<string, string>(kafka.Settings)) { BootstrapServers = kafka.BootstrapServers };

    /// <summary>Whether consumers use the group protocol of KIP-848, in which the brokers decide what members decide otherwise.</summary>
    public static bool UsesConsumerProtocol(IDictionary<string, string> settings) =>
        settings.TryGetValue("group.protocol", out var protocol) && protocol.Equals("consumer", StringComparison.OrdinalIgnoreCase);

    /// <summary>What is said for one kind of client wins over what is said for all.</summary>
    public static Dictionary<string, string> Merge(IDictionary<string, string> all, IDictionary<string, string> some)
    {
        var merged = new Dictionary<string, string>(all);
        foreach (var (name, value) in some)
        {
            merged[name] = value;
        }

        return merged;
    }

    private static string Milliseconds(TimeSpan time) => ((int)time.TotalMilliseconds).ToString(CultureInfo.InvariantCulture);
}
