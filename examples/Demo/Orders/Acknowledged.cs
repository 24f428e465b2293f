namespace Demo.Orders;

/// <summary>An answer of the order service: this key's order has this id.</summary>
internal sealed record Acknowledged(string Key, string OrderId);
