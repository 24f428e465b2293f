using Outbox.Versioning;

namespace Outbox_Service.Shipments;

/// <summary>What is known of an order here. With IVersioned it knows how new it is, and an older message never overwrites what a newer one has brought.</summary>
public sealed class Shipment : IVersioned
{
    public required string Id { get; init; }

    public required string Item { get; init; }

    public long Version { get; set; }

    public string? LastMessageId { get; set; }

    public DateTime? LastUpdated { get; set; }
}
