using OrderService.Shipments;

namespace OrderService.Orders;

/// <summary>An order as clients see it.</summary>
internal sealed record OrderResponse(string Id, string Item, int Quantity, string Status, long Version, ShipmentResponse? Shipment)
{
    public static OrderResponse From(Order order, ShipmentView? shipment = null) => new(
        order.Id, order.Item, order.Quantity, order.Status, order.Version,
        shipment is null ? null : new ShipmentResponse(shipment.Status, shipment.TrackingNumber));
}

/// <summary>What this service knows of the order's shipment.</summary>
internal sealed record ShipmentResponse(string Status, string? TrackingNumber);
