namespace OrderService.Shipments;

/// <summary>An order's shipment as clients see it.</summary>
internal sealed record ShipmentResponse(string Status, string? TrackingNumber);
