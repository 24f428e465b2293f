using Contracts;
using Outbox.History;

namespace OrderService.Orders;

/// <summary>An order: what happened to it, and what that made of it. Nothing else of it is stored.</summary>
internal sealed class Order : Aggregate
{
    private Order()
    {
    }

    public string Item { get; private set; } = "";

    public int Quantity { get; private set; }

    public string Status { get; private set; } = "";

    public static Order Place(string id, string item, int quantity)
    {
        var order = new Order { Id = id };
        order.Raise(new OrderPlaced(id, item, quantity));
        return order;
    }

    /// <summary>Cancels a placed order; an order that is on its way, or cancelled already, stays as it is.</summary>
    public void Cancel()
    {
        if (Status == OrderStatus.Placed)
        {
            Raise(new OrderCancelled(Id, Item, Quantity));
        }
    }

    /// <summary>Notes that the parcel has left. It wins over a cancellation that came too late to stop it.</summary>
    public void Ship()
    {
        if (Status != OrderStatus.Shipped)
        {
            Raise(new OrderShipped(Id, Item, Quantity));
        }
    }

    protected override void When(object @event)
    {
        switch (@event)
        {
            case OrderPlaced placed: (Item, Quantity, Status) = (placed.Item, placed.Quantity, OrderStatus.Placed); break;
            case OrderCancelled: Status = OrderStatus.Cancelled; break;
            case OrderShipped: Status = OrderStatus.Shipped; break;
        }
    }
}
