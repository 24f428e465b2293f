using System.Text.Json;
using Confluent.Kafka;
using Microsoft.Extensions.Logging.Abstractions;
using Outbox.Embedded.Kafka;
using Outbox.Kafka.Inbox.Endpoint;
using Outbox.Kafka.Inbox.Receiving;
using Outbox.Kafka.Tests.Fixture;

namespace Outbox.Kafka.Tests.Inbox.Watching;

public sealed class ConsumerSettingsTests
{
    [Theory]
    [InlineData("consumer")]
    [InlineData("classic")]
    public void A_consumer_can_be_built_for_either_group_protocol(string protocol)
    {
        using var consumer = Factory("orders", ("group.protocol", protocol)).Create().Build();

        Assert.NotNull(consumer.Name);
    }

    [Fact]
    public void A_static_member_has_an_id_for_each_endpoint()
    {
        var (orders, stock) = (Factory("orders", ("group.instance.id", "pod-1")).Config(), Factory("stock", ("group.instance.id", "pod-1")).Config());

        Assert.Equal(("pod-1-orders", "pod-1-stock"), (orders.GroupInstanceId, stock.GroupInstanceId));
    }

    [Fact]
    public void What_the_service_says_about_its_session_holds()
    {
        Assert.Equal(45_000, Factory("orders", ("session.timeout.ms", "45000")).Config().SessionTimeoutMs);
        Assert.Equal(PartitionAssignmentStrategy.CooperativeSticky, Factory("orders").Config().PartitionAssignmentStrategy);
    }

    [Fact]
    public async Task G9_the_client_reads_16_MB_ahead_and_one_answer_more()
    {
        const int Partitions = 16;
        await using var cluster = KafkaCluster.Start(new KafkaClusterOptions { Topics = { ["orders"] = Partitions } });
        await FillAsync(cluster.BootstrapServers, Partitions, megabytes: 48);
        var queued = new List<long>();
        using var consumer = FactoryOn(cluster.BootstrapServers, "orders", ("statistics.interval.ms", "50"))
            .Create().SetStatisticsHandler((_, statistics) => queued.Add(QueuedBytes(statistics))).Build();
        consumer.Assign(Enumerable.Range(0, Partitions).Select(partition => new TopicPartitionOffset("orders", partition, Offset.Beginning)));

        await SeenAsync(() => queued.Exists(bytes => bytes > 8 << 20), "it has read ahead");
        var more = queued.Count + 40;
        await SeenAsync(() => queued.Count > more, "it had the time to read on");

        Assert.InRange(queued.Max(), 8 << 20, 32 << 20);

        // A message is taken each time, because statistics are told to who does so.
        Task SeenAsync(Func<bool> seen, string what) => Signal.Eventually(() => consumer.Consume(TimeSpan.FromMilliseconds(10)) is var _ && seen(), what);
    }

    [Fact]
    public void What_a_client_reads_ahead_is_16_MB_unless_the_service_says_otherwise()
    {
        Assert.Equal((16_384, 50), (Factory("orders").Config().QueuedMaxMessagesKbytes, Factory("orders").Config().FetchQueueBackoffMs));
        Assert.Equal(1_024, Factory("orders", ("queued.max.messages.kbytes", "1024")).Config().QueuedMaxMessagesKbytes);
    }

    [Theory]
    [InlineData("message.max.bytes", "33554432")]
    [InlineData("fetch.message.max.bytes", "33554432")]
    [InlineData("fetch.max.bytes", "52428800")]
    public void A_service_with_messages_that_are_larger_than_that_gets_a_consumer(string setting, string bytes)
    {
        using var consumer = Factory("orders", (setting, bytes)).Create().Build();

        Assert.NotNull(consumer.Name);
    }

    /// <summary>Fills partitions alike, with messages of 10 kB.</summary>
    private static async Task FillAsync(string servers, int partitions, int megabytes)
    {
        using var producer = new ProducerBuilder<Null, byte[]>(new ProducerConfig { BootstrapServers = servers, LingerMs = 20 }).Build();
        var value = new byte[10_240];
        await Task.WhenAll(Enumerable.Range(0, megabytes * 1_024 / 10)
            .Select(n => producer.ProduceAsync(new TopicPartition("orders", n % partitions), new Message<Null, byte[]> { Value = value })));
    }

    /// <summary>All partitions are read through one queue, whose size each of them tells (librdkafka's STATISTICS.md, fetchq_size).</summary>
    private static long QueuedBytes(string statistics)
    {
        var topics = JsonDocument.Parse(statistics).RootElement.GetProperty("topics");
        return topics.TryGetProperty("orders", out var orders)
            ? orders.GetProperty("partitions").EnumerateObject().Max(partition => partition.Value.GetProperty("fetchq_size").GetInt64())
            : 0;
    }

    private static ConsumerFactory Factory(string topic, params (string Name, string Value)[] settings) => FactoryOn("127.0.0.1:1", topic, settings);

    private static ConsumerFactory FactoryOn(string servers, string topic, params (string Name, string Value)[] settings)
    {
        var kafka = new KafkaOptions { BootstrapServers = servers };
        foreach (var (name, value) in settings)
        {
            kafka.ConsumerSettings[name] = value;
        }

        return new ConsumerFactory(
            new EndpointName("g", new KnownTopics(new TopicSelector(topic))), new TopicEndpointSettings { Topic = topic, Group = "g" }, kafka, new OutboxOptions(), NullLogger.Instance);
    }
}
