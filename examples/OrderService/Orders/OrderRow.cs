namespace OrderService.Orders;

/// <summary>An order in a list.</summary>
internal sealed record OrderRow(string Id, string Item, int Quantity, string Status, long Version, DateTime PlacedAt);
