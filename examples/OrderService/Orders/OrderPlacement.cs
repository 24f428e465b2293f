using MongoDB.Driver;
using Outbox;
using Outbox.Capture;
using Outbox.History;

namespace OrderService.Orders;

/// <summary>Places an order once for each idempotency key.</summary>
internal sealed class OrderPlacement(IOutbox outbox, IHistory history, OrderKeys keys, TimeProvider time)
{
    /// <returns>The order of this key, and whether this call has placed it.</returns>
    public async Task<(Order Order, bool IsNew)> PlaceAsync(PlaceOrder request, string? idempotencyKey, CancellationToken cancellationToken)
    {
        var order = Order.Place(Guid.CreateVersion7(time.GetUtcNow()).ToString(), request.Item, request.Quantity);
        try
        {
            await outbox.ExecuteAsync(async (tx, ct) =>
            {
                if (idempotencyKey is not null)
                {
                    await keys.InsertAsync(tx.Session, idempotencyKey, order.Id, ct);
                }

                await tx.SaveAsync(order, ct);
            }, cancellationToken);
            return (order, true);
        }
        catch (MongoWriteException error) when (idempotencyKey is not null && error.WriteError.Category == ServerErrorCategory.DuplicateKey)
        {
            // The transaction is gone with its events. The key's order is committed: while it was not, this insert met a write conflict and ran again.
            return (await history.LoadAsync<Order>(await keys.OrderOfAsync(idempotencyKey, cancellationToken), cancellationToken), false);
        }
    }
}
