namespace Outbox_Service.Orders;

/// <summary>The entity. Its version goes up with each change, and each message tells the version that it announces.</summary>
public sealed class Order
{
    public required string Id { get; init; }

    public required string Item { get; init; }

    public required int Quantity { get; init; }

    public long Version { get; set; } = 1;
}
