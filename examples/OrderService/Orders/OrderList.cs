using Contracts;
using MongoDB.Driver;
using Outbox.History.Projecting;

namespace OrderService.Orders;

/// <summary>The orders as a list: what each event does to an order's row.</summary>
internal sealed class OrderList : Projection<OrderRow>
{
    public OrderList()
        : base("order-list", version: 1)
    {
        On<OrderPlaced>((_, e, info) => new OrderRow(e.OrderId, e.Item, e.Quantity, OrderStatus.Placed, info.Version, info.Timestamp.UtcDateTime));
        On<OrderCancelled>((row, _, info) => row! with { Status = OrderStatus.Cancelled, Version = info.Version });
        On<OrderShipped>((row, _, info) => row! with { Status = OrderStatus.Shipped, Version = info.Version });
    }

    /// <summary>The newest orders of a status come first.</summary>
    public static CreateIndexModel<OrderRow> ByStatus { get; } = new(
        Builders<OrderRow>.IndexKeys.Ascending(row => row.Status).Descending(row => row.Id), new CreateIndexOptions { Name = "status" });
}
