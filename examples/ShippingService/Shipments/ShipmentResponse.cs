namespace ShippingService.Shipments;

/// <summary>A shipment as clients see it.</summary>
internal sealed record ShipmentResponse(string OrderId, string Status, string? TrackingNumber, long Version);
