using MassTransit;
using Microsoft.Extensions.DependencyInjection;
using Outbox.Kafka.Tests.Fixture;

namespace Outbox.Kafka.Tests.Inbox;

public sealed class DuplicateTests
{
    [Fact]
    public async Task G6_a_duplicate_is_acknowledged_without_running_the_consumer()
    {
        await using var shop = new Shop(partitions: 1);
        await shop.Produce("o", new OrderPlaced("o", 1), messageId: "m1");
        await shop.Produce("o", new OrderPlaced("o", 1), messageId: "m1");
        await shop.Produce("o", new OrderPlaced("o", 2), messageId: "m2");

        await shop.Start();
        await Signal.Eventually(() => shop.Committed() == 3, "all were acknowledged");

        Assert.Equal([1, 2], shop.Probe.Placed.Select(x => x.Number));
        Assert.Equal(1, shop.Store.Duplicates);
        Assert.Empty(shop.Store.Parked);
    }

    [Fact]
    public async Task A_consumer_sees_the_messages_place_in_its_entitys_history()
    {
        await using var shop = new Shop(partitions: 1);
        var stamps = new List<Outbox.Versioning.MessageStamp>();
        shop.Probe.OnPlaced = consumption =>
        {
            stamps.Add(consumption.Context.Stamp());
            return Task.CompletedTask;
        };
        await shop.Produce("o9", new OrderPlaced("o9", 1), messageId: "not a guid", version: 12);

        await shop.Start();
        await shop.Signal.Until(() => shop.Store.Processed == 1, "it was processed");

        var stamp = Assert.Single(stamps);
        Assert.Equal(("not a guid", "o9", 12L), (stamp.MessageId, stamp.EntityId, stamp.Version));
        Assert.True(shop.Store.IsProcessed(Shop.Group, "not a guid"));
    }

    [Fact]
    public async Task The_inbox_works_on_an_endpoint_of_another_transport()
    {
        await using var shop = new Shop();
        using var host = shop.BuildInMemory();
        await host.StartAsync();
        var bus = host.Services.GetRequiredService<IBus>();
        var id = NewId.NextGuid();
        var endpoint = await bus.GetSendEndpoint(new Uri("queue:placed"));

        await endpoint.Send(new OrderPlaced("o", 1), x => x.MessageId = id);
        await shop.Signal.Until(() => shop.Store.Processed == 1, "the message was processed");
        await endpoint.Send(new OrderPlaced("o", 1), x => x.MessageId = id);
        await shop.Signal.Until(() => shop.Store.Duplicates == 1, "its duplicate was acknowledged");

        Assert.True(shop.Store.IsProcessed("placed", id.ToString()));
        Assert.Single(shop.Probe.Placed);
        Assert.Equal("shipments", Assert.Single(shop.Store.Outbox).Topic);
        await host.StopAsync();
    }
}
