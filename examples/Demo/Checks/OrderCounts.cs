namespace Demo.Checks;

/// <summary>How many orders are in which status.</summary>
internal sealed record OrderCounts(long Placed = 0, long Shipped = 0, long Cancelled = 0);
