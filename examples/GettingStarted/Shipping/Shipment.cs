using Outbox.Versioning;

namespace Shipping;

public sealed class Shipment : IVersioned
{
    public required string Id { get; init; }

    public required string Item { get; init; }

    public long Version { get; set; }

    public string? LastMessageId { get; set; }

    public DateTime? LastUpdated { get; set; }
}
