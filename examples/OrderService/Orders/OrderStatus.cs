namespace OrderService.Orders;

/// <summary>Where an order stands.</summary>
internal static class OrderStatus
{
    public const string Placed = "PLACED";

    public const string Shipped = "SHIPPED";

    public const string Cancelled = "CANCELLED";
}
