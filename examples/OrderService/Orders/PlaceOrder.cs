using System.ComponentModel.DataAnnotations;

namespace OrderService.Orders;

/// <summary>The body of <c>POST /orders</c>.</summary>
public sealed record PlaceOrder
{
    [Required, StringLength(100)]
    public string Item { get; init; } = "";

    [Range(1, 1_000)]
    public int Quantity { get; init; }

    internal bool IsFor(Order order) => order.Item == Item && order.Quantity == Quantity;
}
