using OrderService.Shipments;

namespace OrderService.Orders;

/// <summary>An order as clients see it.</summary>
internal sealed record OrderResponse
{
    public required string Id { get; init; }

    public required string Item { get; init; }

    public required int Quantity { get; init; }

    public required string Status { get; init; }

    public required long Version { get; init; }

    /// <summary>What this service knows of the order's shipment.</summary>
    public ShipmentResponse? Shipment { get; init; }

    public static OrderResponse From(Order order, ShipmentView? shipment = null) => new()
    {
        Id = order.Id,
        Item = order.Item,
        Quantity = order.Quantity,
        Status = order.Status,
        Version = order.Version,
        Shipment = shipment is null ? null : new ShipmentResponse(shipment.Status, shipment.TrackingNumber),
    };
}
