using Contracts;
using Outbox;
using Outbox.Capture;

namespace OrderService.Orders;

/// <summary>Cancels orders that have not been shipped.</summary>
internal sealed class OrderCancellation(IOutbox outbox, OrderStore orders, TimeProvider time)
{
    /// <returns>The order as it is now, or <see langword="null"/> when there is none.</returns>
    public Task<Order?> CancelAsync(string id, CancellationToken cancellationToken) => outbox.ExecuteAsync(async (tx, ct) =>
    {
        var order = await orders.FindAsync(tx.Session, id, ct);
        if (order?.Cancel(time.GetUtcNow()) == true)
        {
            await orders.SaveAsync(tx.Session, order, ct);
            tx.Publish(new OrderCancelled(order.Id, order.Item, order.Quantity), order.Id, order.Version);
        }

        return order;
    }, cancellationToken);
}
