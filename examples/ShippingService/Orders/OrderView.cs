using Outbox.Versioning;

namespace ShippingService.Orders;

/// <summary>What the order service has told of an order; the newest version of it.</summary>
internal sealed class OrderView : IVersioned
{
    public required string Id { get; init; }

    public required string Item { get; init; }

    public required int Quantity { get; init; }

    public required string Status { get; init; }

    public long Version { get; set; }

    public string? LastMessageId { get; set; }

    public DateTime? LastUpdated { get; set; }
}
