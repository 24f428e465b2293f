namespace ShippingService.Shipments;

/// <summary>Where a shipment stands.</summary>
internal static class ShipmentStatus
{
    public const string Preparing = "PREPARING";

    public const string Shipped = "SHIPPED";

    public const string Cancelled = "CANCELLED";
}
