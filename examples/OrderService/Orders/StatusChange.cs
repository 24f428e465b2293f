namespace OrderService.Orders;

/// <summary>One step of an order's life.</summary>
internal sealed record StatusChange(string Status, long Version, DateTime At);
