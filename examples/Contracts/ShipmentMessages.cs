namespace Contracts;

/// <summary>A shipment is being packed. There is one for each order, and the order's id is its id.</summary>
public sealed record ShipmentCreated(string OrderId);

/// <summary>The parcel has left.</summary>
public sealed record ShipmentShipped(string OrderId, string TrackingNumber);

/// <summary>The shipment was stopped before it left.</summary>
public sealed record ShipmentCancelled(string OrderId);
