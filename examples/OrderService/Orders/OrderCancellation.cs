using Outbox;
using Outbox.Capture;

namespace OrderService.Orders;

/// <summary>Cancels orders that have not been shipped.</summary>
internal sealed class OrderCancellation(IOutbox outbox)
{
    /// <returns>The order as it is now, or <see langword="null"/> when there is none.</returns>
    public Task<Order?> CancelAsync(string id, CancellationToken cancellationToken) => outbox.ExecuteAsync(async (tx, ct) =>
    {
        var order = await tx.FindAsync<Order>(id, ct);
        if (order is not null)
        {
            order.Cancel();
            await tx.SaveAsync(order, ct);
        }

        return order;
    }, cancellationToken);
}
