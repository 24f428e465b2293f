using System.Text;
using Confluent.Kafka;
using MassTransit;
using Outbox.Embedded.Kafka;
using Outbox.Inbox;
using Outbox.Kafka.Tests.Fixture;

namespace Outbox.Kafka.Tests.Inbox;

public sealed class DeadLetterTests
{
    [Fact]
    public async Task What_is_parked_is_published_too_as_it_came_with_what_went_wrong()
    {
        await using var shop = await ShopAsync();
        await shop.Start(e =>
        {
            e.UseMessageRetry(r => r.Immediate(2));
            e.DeadLetterTopic();
        });
        await Signal.Eventually(() => shop.Committed() == 3, "the partition went on");

        var letters = Letters(shop, "orders.dlq", 2);
        var failed = letters.Single(x => Header(x, "deadLetter.reason") == "failed");
        var unreadable = letters.Single(x => Header(x, "deadLetter.reason") == "unreadable");
        Assert.Equal("bad", Encoding.UTF8.GetString(failed.Message.Key));
        var parked = shop.Store.Parked.Single(x => x.Reason == ParkReason.Failed);
        Assert.Equal(parked.Value, failed.Message.Value);
        Assert.Equal(parked.Headers.Select(x => x.Key), failed.Message.Headers.Select(x => x.Key).Take(parked.Headers.Count));
        Assert.Equal("m-bad", Header(failed, "messageId"));
        Assert.Equal(
            ("cannot ship this", "System.InvalidOperationException", Shop.Group, "orders", "0", "0", "3"),
            (Header(failed, "deadLetter.error"), Header(failed, "deadLetter.exceptionType"), Header(failed, "deadLetter.endpoint"), Header(failed, "deadLetter.topic"),
                Header(failed, "deadLetter.partition"), Header(failed, "deadLetter.offset"), Header(failed, "deadLetter.attempts")));
        Assert.True(DateTimeOffset.Parse(Header(failed, "deadLetter.failedAt"), System.Globalization.CultureInfo.InvariantCulture) > DateTimeOffset.UtcNow.AddMinutes(-5));
        Assert.Equal("{ not json", Encoding.UTF8.GetString(unreadable.Message.Value));
        Assert.Equal(2, shop.Store.Parked.Count);
    }

    [Fact]
    public async Task Without_it_nothing_is_published_but_parked()
    {
        await using var shop = await ShopAsync();
        shop.Cluster.TrackRequests();

        await shop.Start();
        await Signal.Eventually(() => shop.Committed() == 3, "the partition went on");

        Assert.Equal(2, shop.Store.Parked.Count);
        Assert.DoesNotContain(shop.Cluster.Requests, x => x.Request == KafkaRequest.Produce);
    }

    [Fact]
    public async Task G8_a_message_is_parked_only_after_its_copy_is_published_and_comes_again_if_its_instance_ends_before()
    {
        await using var shop = await ShopAsync();
        shop.Cluster.CreateTopic("graveyard", 1);
        shop.Cluster.SetTopicError("graveyard", ErrorCode.TopicAuthorizationFailed);
        var first = await shop.Start(e => e.DeadLetterTopic("graveyard"));
        await shop.Signal.Until(() => shop.Logs.Of(334).Any(), "it cannot be published");
        await Signal.Eventually(() => Shop.Health(first).Status == BusHealthStatus.Unhealthy, "the endpoint says so");
        Assert.Contains("'graveyard'", Shop.Health(first).Exception!.Message, StringComparison.Ordinal);
        Assert.Empty(shop.Store.Parked);
        await first.StopAsync();
        Assert.Equal(0, shop.Committed());

        shop.Cluster.SetTopicError("graveyard", ErrorCode.NoError);
        await shop.Start(e => e.DeadLetterTopic("graveyard"));
        await Signal.Eventually(() => shop.Committed() == 3, "the partition went on");

        Assert.Equal(2, Letters(shop, "graveyard", 2).Count);
        Assert.Equal(2, shop.Store.Parked.Count);
    }

    [Fact]
    public async Task A_copy_that_is_too_large_holds_nothing_back()
    {
        await using var shop = await ShopAsync();
        shop.Cluster.Fail(KafkaRequest.Produce, ErrorCode.MsgSizeTooLarge, ErrorCode.MsgSizeTooLarge);

        await shop.Start(e => e.DeadLetterTopic());
        await Signal.Eventually(() => shop.Committed() == 3, "the partition went on");

        Assert.Equal(2, shop.Store.Parked.Count);
        Assert.Equal(2, shop.Logs.Of(335).Count());
    }

    [Fact]
    public async Task The_consumed_topic_is_no_dead_letter_topic()
    {
        await using var shop = new Shop();

        Assert.Contains("DeadLetterTopic", await shop.Refuses(shop.Build(e => e.DeadLetterTopic("orders"))), StringComparison.Ordinal);
    }

    /// <summary>One message that fails, one that cannot be read, and a good one.</summary>
    private static async Task<Shop> ShopAsync()
    {
        var shop = new Shop(partitions: 1);
        shop.Probe.OnPlaced = consumption => consumption.Message.OrderId == "bad" ? throw new InvalidOperationException("cannot ship this") : Task.CompletedTask;
        await shop.Produce("bad", new OrderPlaced("bad", 1), messageId: "m-bad");
        var broken = Shop.Envelope("o1", new OrderPlaced("o1", 1));
        broken.Value = "{ not json"u8.ToArray();
        await shop.Produce(broken);
        await shop.Produce("good", new OrderPlaced("good", 1));
        return shop;
    }

    private static List<ConsumeResult<byte[], byte[]>> Letters(Shop shop, string topic, int count)
    {
        using var consumer = new ConsumerBuilder<byte[], byte[]>(
            new ConsumerConfig { BootstrapServers = shop.Cluster.BootstrapServers, GroupId = "reader", AutoOffsetReset = AutoOffsetReset.Earliest }).Build();
        using var admin = new DependentAdminClientBuilder(consumer.Handle).Build();
        consumer.Assign(admin.GetMetadata(topic, Signal.Patience).Topics[0].Partitions.Select(x => new TopicPartitionOffset(topic, x.PartitionId, 0)));
        return [.. Enumerable.Range(0, count).Select(_ => consumer.Consume(Signal.Patience) ?? throw new InvalidOperationException($"No {count} messages in {topic}."))];
    }

    private static string Header(ConsumeResult<byte[], byte[]> letter, string name) => Encoding.UTF8.GetString(letter.Message.Headers.GetLastBytes(name));
}
