using MassTransit;
using Outbox.Kafka.Formats;
using Outbox.Kafka.Formats.Wire;
using Outbox.Kafka.Tests.Fixture;
using Outbox.Messages;

namespace Outbox.Kafka.Tests.Inbox;

public sealed class FormatTests
{
    private static readonly MessageFormat[] Known = [.. Enum.GetValues<MessageFormat>().Where(format => format != MessageFormat.Custom)];

    [Fact]
    public async Task One_endpoint_reads_every_format_and_each_message_once()
    {
        await using var shop = new Shop(partitions: 1);
        foreach (var format in Known)
        {
            var message = Message(format) with { MessageId = $"m-{format}", EntityId = format.ToString() };
            await shop.Produce(WireFormats.Write(message));
            await shop.Produce(WireFormats.Write(message));
        }

        await shop.Start();
        await Signal.Eventually(() => shop.Committed() == 2 * Known.Length, "the partition went on");

        Assert.Equal(Enumerable.Repeat("o1", Known.Length), shop.Probe.Placed.Select(x => x.OrderId));
        Assert.All(Known, format => Assert.True(shop.Store.IsProcessed(Shop.Group, $"m-{format}")));
        Assert.Equal(Known.Length, shop.Store.Duplicates);
        Assert.Empty(shop.Store.Parked);
    }

    [Theory]
    [InlineData(MessageFormat.Envelope)]
    [InlineData(MessageFormat.CloudEvents)]
    [InlineData(MessageFormat.MassTransit)]
    [InlineData(MessageFormat.Cap)]
    public async Task A_tombstone_reaches_a_consumer_of_tombstones(MessageFormat format)
    {
        await using var shop = new Shop(partitions: 1);
        var host = shop.BuildWith((k, context) => k.TopicEndpoint("orders", Shop.Group, e =>
        {
            e.ConfigureConsumer<PlacedConsumer>(context);
            e.ConfigureConsumer<GoneConsumer>(context);
        }));
        await shop.Produce(WireFormats.Write(Message(format)));
        await shop.Produce(WireFormats.Write(Message(format) with { MessageId = "m2", Version = 2, Payload = null }));

        await host.StartAsync();
        await shop.Signal.Until(() => shop.Probe.Gone.Count == 1, "the tombstone came");

        Assert.Equal("o1", Assert.Single(shop.Probe.Gone));
        Assert.Single(shop.Probe.Placed);
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
