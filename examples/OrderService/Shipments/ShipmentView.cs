using Outbox.Versioning;

namespace OrderService.Shipments;

/// <summary>What the shipping service has told of an order's shipment; the newest version of it.</summary>
internal sealed class ShipmentView : IVersioned
{
    public required string Id { get; init; }

    public required string Status { get; init; }

    public string? TrackingNumber { get; init; }

    public long Version { get; set; }

    public string? LastMessageId { get; set; }

    public DateTime? LastUpdated { get; set; }
}
