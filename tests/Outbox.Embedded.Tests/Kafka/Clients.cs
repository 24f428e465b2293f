using Confluent.Kafka;

namespace Outbox.Embedded.Tests.Kafka;

internal static class Clients
{
    public static readonly TimeSpan Patience = TimeSpan.FromSeconds(20);

    public static IProducer<string, string> Producer(string servers, Action<ProducerConfig>? configure = null)
    {
        var config = new ProducerConfig { BootstrapServers = servers, EnableIdempotence = true, LingerMs = 0, ReconnectBackoffMs = 20, ReconnectBackoffMaxMs = 100 };
        configure?.Invoke(config);
        return new ProducerBuilder<string, string>(config).SetLogHandler((_, _) => { }).Build();
    }

    public static IConsumer<string, string> Consumer(string servers, string group, Action<ConsumerConfig>? configure = null) =>
        ConsumerBuilder(servers, group, configure).Build();

    public static ConsumerBuilder<string, string> ConsumerBuilder(string servers, string group, Action<ConsumerConfig>? configure = null)
    {
        var config = new ConsumerConfig
        {
            BootstrapServers = servers,
            GroupId = group,
            AutoOffsetReset = AutoOffsetReset.Earliest,
            EnableAutoCommit = false,
            SessionTimeoutMs = 1500,
            HeartbeatIntervalMs = 100,
            ReconnectBackoffMs = 20,
            ReconnectBackoffMaxMs = 100,
        };
        configure?.Invoke(config);
        return new ConsumerBuilder<string, string>(config).SetLogHandler((_, _) => { });
    }

    public static IAdminClient Admin(string servers) =>
        new AdminClientBuilder(new AdminClientConfig { BootstrapServers = servers }).SetLogHandler((_, _) => { }).Build();

    public static async Task Produce(string servers, string topic, int count, int? partition = null)
    {
        using var producer = Producer(servers);
        var target = new TopicPartition(topic, partition ?? Partition.Any);
        await Task.WhenAll(Enumerable.Range(0, count).Select(i => producer.ProduceAsync(target, new Message<string, string> { Key = $"k{i}", Value = $"v{i}" })));
    }

    public static List<ConsumeResult<string, string>> Take(this IConsumer<string, string> consumer, int count)
    {
        using var patience = new CancellationTokenSource(Patience);
        var taken = new List<ConsumeResult<string, string>>();
        while (taken.Count < count)
            taken.Add(consumer.Consume(patience.Token));
        return taken;
    }
}
