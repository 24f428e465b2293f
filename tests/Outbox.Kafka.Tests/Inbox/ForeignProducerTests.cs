using System.Text;
using Confluent.Kafka;
using MassTransit;
using Outbox.Inbox;
using Outbox.Kafka.Tests.Fixture;
using Outbox.Versioning;

namespace Outbox.Kafka.Tests.Inbox;

/// <summary>Records of producers that know nothing of this framework.</summary>
public sealed class ForeignProducerTests
{
    [Fact]
    public async Task Plain_JSON_and_tombstones_without_headers_reach_the_consumers_of_the_topics_default()
    {
        await using var shop = new Shop(partitions: 1, topic: "counts");
        var host = shop.BuildWith(
            (k, context) => k.TopicEndpoint("counts", Shop.Group, e => e.ConfigureConsumer<CountedConsumer>(context)),
            o => o.Topic("counts", t =>
            {
                t.Message<StockCounted>();
                t.Default<StockCounted>();
            }));
        await ProduceAsync(shop, "counts", "s-1"u8.ToArray(), """{"sku":"s-1","quantity":3}"""u8.ToArray());
        await ProduceAsync(shop, "counts", "s-1"u8.ToArray(), null);

        await host.StartAsync();
        await shop.Signal.Until(() => shop.Probe.Gone.Count == 1, "the tombstone came");

        Assert.Equal([new StockCounted("s-1", 3)], shop.Probe.Counted);
        Assert.Equal(["s-1"], shop.Probe.Gone);
        Assert.Empty(shop.Store.Parked);
        Assert.True(shop.Store.IsProcessed(Shop.Group, "counts/0/0"));
    }

    [Fact]
    public async Task G8_without_a_default_plain_JSON_is_parked_with_what_was_looked_for()
    {
        await using var shop = new Shop(partitions: 1);
        await ProduceAsync(shop, "orders", "o1"u8.ToArray(), """{"orderId":"o1"}"""u8.ToArray());

        await shop.Start();
        await Signal.Eventually(() => shop.Committed() == 1, "the partition went on");

        Assert.StartsWith("The message's format was not recognised.", Assert.Single(shop.Store.Parked).Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_key_of_bytes_is_an_entity_and_is_parked_and_published_as_it_came()
    {
        await using var shop = new Shop(partitions: 1);
        byte[] key = [0x00, 0xFF, 0x2A];
        var entities = new List<string>();
        shop.Probe.OnPlaced = consumption =>
        {
            entities.Add(consumption.Context.Stamp().EntityId);
            return consumption.Message.OrderId == "bad" ? throw new InvalidOperationException("cannot ship this") : Task.CompletedTask;
        };
        await ProduceAsync(shop, "orders", key, """{"orderId":"good","number":1}"""u8.ToArray(), Event("1"));
        await ProduceAsync(shop, "orders", key, """{"orderId":"bad","number":1}"""u8.ToArray(), Event("2"));
        await ProduceAsync(shop, "orders", key, "unreadable"u8.ToArray(), Event("3"));

        await shop.Start(e => e.DeadLetterTopic());
        await Signal.Eventually(() => shop.Committed() == 3, "the partition went on");

        Assert.Equal(["bytes:00ff2a", "bytes:00ff2a"], entities);
        Assert.Equal([ParkReason.Failed, ParkReason.Unreadable], shop.Store.Parked.Select(parked => parked.Reason).Order());
        Assert.All(shop.Store.Parked, parked => Assert.Equal(key, parked.Key));
        Assert.Equal("bytes:00ff2a", shop.Store.Parked.Single(parked => parked.Reason == ParkReason.Failed).EntityId);
        using var letters = new ConsumerBuilder<byte[], byte[]>(new ConsumerConfig { BootstrapServers = shop.Cluster.BootstrapServers, GroupId = "reader" }).Build();
        using var admin = new DependentAdminClientBuilder(letters.Handle).Build();
        letters.Assign(admin.GetMetadata("orders.dlq", Signal.Patience).Topics[0].Partitions.Select(x => new TopicPartitionOffset("orders.dlq", x.PartitionId, 0)));
        Assert.Equal(key, letters.Consume(Signal.Patience)?.Message.Key);
    }

    [Theory]
    [InlineData(long.MaxValue)]
    [InlineData(253_402_300_800_000)]
    public async Task G8_a_record_of_an_impossible_time_holds_nothing_back(long milliseconds)
    {
        await using var shop = new Shop(partitions: 1);
        var message = Shop.Envelope("o1", new OrderPlaced("o1", 1));
        message.Timestamp = new Timestamp(milliseconds, TimestampType.CreateTime);
        await shop.Produce(message);
        var unreadable = Shop.Envelope("o2", new OrderPlaced("o2", 2));
        (unreadable.Value, unreadable.Timestamp) = ("{"u8.ToArray(), message.Timestamp);
        await shop.Produce(unreadable);

        await shop.Start();
        await Signal.Eventually(() => shop.Committed() == 2, "the partition went on");

        Assert.Single(shop.Probe.Placed);
        Assert.Null(Assert.Single(shop.Store.Parked).Timestamp);
    }

    [Fact]
    public async Task G8_what_a_topics_writer_puts_into_a_message_reaches_no_log_raw()
    {
        await using var shop = new Shop(partitions: 1);
        await ProduceAsync(shop, "orders", "o1"u8.ToArray(), "{}"u8.ToArray(), [.. Event("1").Where(header => header.Name != "ce_time"), ("ce_time", "\u001b[2J\r\nall is lost")]);

        await shop.Start();
        await Signal.Eventually(() => shop.Committed() == 1, "the partition went on");

        Assert.Contains("\\u001B[2J\\u000D\\u000Aall is lost", Assert.Single(shop.Store.Parked).Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Consumers_see_headers_that_come_twice_or_empty_as_MassTransit_shows_them()
    {
        await using var shop = new Shop(partitions: 1);
        string? seen = null;
        shop.Probe.OnPlaced = consumption =>
        {
            seen = $"{consumption.Context.Headers.Get<string>("tenant")}, {consumption.Context.Headers.Get<string>("none") ?? "nothing"}, {consumption.Context.Headers.GetAll().Count(x => x.Key == "tenant")}";
            return Task.CompletedTask;
        };
        var message = Shop.Envelope("o1", new OrderPlaced("o1", 1));
        message.Headers.Add("tenant", "first"u8.ToArray());
        message.Headers.Add("tenant", "second"u8.ToArray());
        message.Headers.Add("none", null);
        await shop.Produce(message);

        await shop.Start();
        await Signal.Eventually(() => shop.Committed() == 1, "the partition went on");

        Assert.Empty(shop.Store.Parked);
        Assert.Equal("first, nothing, 1", seen);
    }

    private static (string Name, string Value)[] Event(string sequence) =>
        [("ce_specversion", "1.0"), ("ce_id", sequence), ("ce_source", "urn:shop"), ("ce_type", "order-placed"), ("ce_sequence", sequence), ("ce_time", "2026-03-04T03:06:07Z")];

    private static async Task ProduceAsync(Shop shop, string topic, byte[] key, byte[]? value, params (string Name, string Value)[] headers)
    {
        var message = new Message<byte[], byte[]?> { Key = key, Value = value, Headers = [] };
        foreach (var (name, text) in headers)
        {
            message.Headers.Add(name, Encoding.UTF8.GetBytes(text));
        }

        using var producer = new ProducerBuilder<byte[], byte[]?>(new ProducerConfig { BootstrapServers = shop.Cluster.BootstrapServers }).Build();
        await producer.ProduceAsync(topic, message);
    }
}
