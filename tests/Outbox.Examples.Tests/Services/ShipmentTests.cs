using ShippingService.Shipments;

namespace Outbox.Examples.Tests.Services;

public sealed class ShipmentTests
{
    private static readonly DateTimeOffset Now = new(2026, 1, 2, 3, 4, 5, TimeSpan.Zero);

    [Fact]
    public void What_has_left_cannot_be_stopped()
    {
        var shipment = Shipment.Prepare("order", Now, TimeSpan.FromSeconds(1));
        Assert.True(shipment.Ship(Now));
        Assert.False(shipment.Cancel(Now));
        Assert.False(shipment.Ship(Now));
        Assert.Equal((ShipmentStatus.Shipped, 2L), (shipment.Status, shipment.Version));
    }

    [Fact]
    public void What_was_stopped_does_not_leave()
    {
        var shipment = Shipment.Prepare("order", Now, TimeSpan.FromSeconds(1));
        Assert.True(shipment.Cancel(Now));
        Assert.False(shipment.Ship(Now));
        Assert.Equal([("PREPARING", 1L), ("CANCELLED", 2L)], shipment.History.Select(change => (change.Status, change.Version)));
    }
}
