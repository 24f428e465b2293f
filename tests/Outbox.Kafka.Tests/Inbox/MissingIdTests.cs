using System.Text;
using System.Text.Json.Nodes;
using Confluent.Kafka;
using MassTransit;
using Outbox.Kafka.Formats;
using Outbox.Kafka.Formats.Wire;
using Outbox.Kafka.Tests.Fixture;
using Outbox.Messages;

namespace Outbox.Kafka.Tests.Inbox;

public sealed class MissingIdTests
{
    [Theory]
    [InlineData(MessageFormat.Envelope)]
    [InlineData(MessageFormat.CloudEvents)]
    [InlineData(MessageFormat.CloudEventsStructured)]
    [InlineData(MessageFormat.MassTransit)]
    public async Task A_message_without_an_id_is_known_by_its_place(MessageFormat format)
    {
        await using var shop = new Shop(partitions: 1);
        var host = shop.Build();
        using var counts = new Counts(host, "outbox.inbox.without_id");
        await shop.Produce("o0", new OrderPlaced("o0", 0), messageId: "m0");
        await shop.Produce(WithoutId(Message(format)));
        await shop.Produce(WithoutId(Message(format)));

        await host.StartAsync();
        await Signal.Eventually(() => shop.Committed() == 3, "all were acknowledged");

        Assert.Empty(shop.Store.Parked);
        Assert.Equal(["o0", "o1", "o1"], shop.Probe.Placed.Select(x => x.OrderId).Order());
        Assert.True(shop.Store.IsProcessed(Shop.Group, "orders/0/1"));
        Assert.True(shop.Store.IsProcessed(Shop.Group, "orders/0/2"));
        Assert.Equal([("orders", Shop.Group), ("orders", Shop.Group)], counts.Seen.Select(x => ((string)x["topic"]!, (string)x["endpoint"]!)));
        Assert.Single(shop.Logs.Of(320));
    }

    [Fact]
    public async Task G6_a_message_without_an_id_that_is_delivered_again_has_no_second_effect()
    {
        await using var shop = new Shop(partitions: 1);
        await shop.Produce(WithoutId(Message(MessageFormat.Envelope)));
        var first = await shop.Start(e => e.CheckpointInterval = TimeSpan.FromHours(1));
        await shop.Signal.Until(() => shop.Store.Processed == 1, "it was processed");
        shop.Cluster.Fail(Outbox.Embedded.Kafka.KafkaRequest.OffsetCommit, [.. Enumerable.Repeat(ErrorCode.UnknownMemberId, 20)]);
        await first.StopAsync();
        shop.Cluster.StopFailing(Outbox.Embedded.Kafka.KafkaRequest.OffsetCommit);

        await shop.Start();
        await shop.Signal.Until(() => shop.Store.Duplicates == 1, "it was recognised");

        Assert.Single(shop.Probe.Placed);
    }

    [Theory]
    [InlineData(MessageFormat.Envelope)]
    [InlineData(MessageFormat.CloudEvents)]
    [InlineData(MessageFormat.MassTransit)]
    public async Task A_tombstone_without_an_id_is_known_by_its_place(MessageFormat format)
    {
        await using var shop = new Shop(partitions: 1);
        var host = shop.BuildWith((k, context) => k.TopicEndpoint("orders", Shop.Group, e => e.ConfigureConsumer<GoneConsumer>(context)));
        await shop.Produce(WithoutId(Message(format) with { Payload = null }));

        await host.StartAsync();
        await shop.Signal.Until(() => shop.Store.Processed == 1, "the tombstone came");

        Assert.Equal("o1", Assert.Single(shop.Probe.Gone));
        Assert.True(shop.Store.IsProcessed(Shop.Group, "orders/0/0"));
    }

    [Theory]
    [InlineData(MessageFormat.Envelope)]
    [InlineData(MessageFormat.CloudEvents)]
    [InlineData(MessageFormat.CloudEventsStructured)]
    [InlineData(MessageFormat.MassTransit)]
    public async Task An_empty_id_is_malformed_and_parked(MessageFormat format)
    {
        await using var shop = new Shop(partitions: 1);
        await shop.Produce(WithId(Message(format), ""));

        await shop.Start();
        await Signal.Eventually(() => shop.Committed() == 1, "the partition went on");

        Assert.Empty(shop.Probe.Placed);
        Assert.Contains("empty", Assert.Single(shop.Store.Parked).Error, StringComparison.Ordinal);
    }

    private static Message<string, byte[]?> WithoutId(OutboxMessage message) => WithId(message, null);

    /// <summary>The message as written, but for its id.</summary>
    private static Message<string, byte[]?> WithId(OutboxMessage original, string? id)
    {
        var message = WireFormats.Write(original);
        foreach (var name in (string[])["messageId", "MessageId", "ce_id"])
        {
            if (message.Headers.TryGetLastBytes(name, out _))
            {
                message.Headers.Remove(name);
                if (id is not null)
                {
                    message.Headers.Add(name, Encoding.UTF8.GetBytes(id));
                }
            }
        }

        if (message.Value is not null && JsonNode.Parse(message.Value) is JsonObject json)
        {
            foreach (var name in (string[])["messageId", "id"])
            {
                if (json.Remove(name) && id is not null)
                {
                    json[name] = id;
                }
            }

            message.Value = Encoding.UTF8.GetBytes(json.ToJsonString());
        }

        return message;
    }

    private static OutboxMessage Message(MessageFormat format) => new()
    {
        MessageId = "m1",
        Lane = 0,
        Topic = "orders",
        EntityType = "order",
        EntityId = "o1",
        Version = 1,
        Ordinal = 0,
        Intent = MessageIntent.Event,
        Type = "order-placed",
        Format = format,
        Payload = """{"orderId":"o1","number":1}""",
        Timestamp = DateTimeOffset.UnixEpoch,
    };
}
