namespace Orders;

public sealed class Order
{
    public required string Id { get; init; }

    public required string Item { get; init; }

    public required int Quantity { get; init; }

    public long Version { get; set; } = 1;
}
