using Outbox.Examples.Tests.Services;

namespace Outbox.Examples.Tests.Consumers;

/// <summary>What the order service makes of shipment events that come late, twice, or in a wrong order.</summary>
public sealed class ShipmentEventTests(OrderServiceFixture service) : IClassFixture<OrderServiceFixture>, IDisposable
{
    private readonly Events _events = new(service, "shipments", "order-service");

    [Fact]
    public async Task A_parcel_that_has_left_ships_its_order_once()
    {
        await service.HappenedAsync("a", 1, "order-placed");
        await ShippedAsync("a", "a2");
        await ShippedAsync("a", "a2");
        await ShippedAsync("a", "a2-with-another-id");
        await CreatedAsync("a", "a1");
        await _events.AllDoneAsync();
        Assert.Equal(["order-placed v1", "order-shipped v2"], await service.HistoryAsync("a"));
        Assert.Equal(("SHIPPED", 2L), await service.StateAsync("shipmentViews", "a"));
        Assert.Equal(["order-shipped v2"], await service.OutboxAsync("a"));
    }

    [Fact]
    public async Task A_parcel_that_has_left_wins_over_a_cancellation()
    {
        await service.HappenedAsync("b", 1, "order-placed");
        await service.HappenedAsync("b", 2, "order-cancelled");
        await CreatedAsync("b", "b1");
        await ShippedAsync("b", "b2");
        await _events.AllDoneAsync();
        Assert.Equal(["order-placed v1", "order-cancelled v2", "order-shipped v3"], await service.HistoryAsync("b"));
        Assert.Equal(["order-shipped v3"], await service.OutboxAsync("b"));
    }

    [Fact]
    public async Task A_stopped_shipment_leaves_its_order_cancelled()
    {
        await service.HappenedAsync("c", 1, "order-placed");
        await service.HappenedAsync("c", 2, "order-cancelled");
        await CreatedAsync("c", "c1");
        await _events.SendAsync("c", 2, "shipment-cancelled", "c2", new { orderId = "c" });
        await _events.AllDoneAsync();
        Assert.Equal(["order-placed v1", "order-cancelled v2"], await service.HistoryAsync("c"));
        Assert.Equal(("CANCELLED", 2L), await service.StateAsync("shipmentViews", "c"));
        Assert.Empty(await service.OutboxAsync("c"));
    }

    public void Dispose() => _events.Dispose();

    private Task CreatedAsync(string id, string messageId) => _events.SendAsync(id, 1, "shipment-created", messageId, new { orderId = id });

    private Task ShippedAsync(string id, string messageId) =>
        _events.SendAsync(id, 2, "shipment-shipped", messageId, new { orderId = id, trackingNumber = "T-" + id });
}
