namespace OrderService.Orders;

/// <summary>An order. Every change raises its version by one and is announced by one message of that version.</summary>
internal sealed class Order
{
    public required string Id { get; init; }

    public required string Item { get; init; }

    public required int Quantity { get; init; }

    /// <summary>The client's name for the request that placed the order; unique.</summary>
    public string? IdempotencyKey { get; init; }

    public string Status { get; private set; } = "";

    public long Version { get; private set; }

    public List<StatusChange> History { get; private set; } = [];

    public static Order Place(string item, int quantity, string? idempotencyKey, DateTimeOffset now)
    {
        var order = new Order { Id = Guid.CreateVersion7(now).ToString(), Item = item, Quantity = quantity, IdempotencyKey = idempotencyKey };
        order.Enter(OrderStatus.Placed, now);
        return order;
    }

    /// <summary>Cancels a placed order.</summary>
    /// <returns>Whether anything changed.</returns>
    public bool Cancel(DateTimeOffset now) => Status == OrderStatus.Placed && Enter(OrderStatus.Cancelled, now);

    /// <summary>Notes that the parcel has left. It wins over a cancellation that came too late to stop it.</summary>
    /// <returns>Whether anything changed.</returns>
    public bool Ship(DateTimeOffset now) => Status != OrderStatus.Shipped && Enter(OrderStatus.Shipped, now);

    private bool Enter(string status, DateTimeOffset now)
    {
        Status = status;
        Version++;
        History.Add(new StatusChange(status, Version, now.UtcDateTime));
        return true;
    }
}
