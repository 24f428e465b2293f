namespace ShippingService.Shipments;

/// <summary>One step of a shipment's life.</summary>
internal sealed record StatusChange(string Status, long Version, DateTime At);
