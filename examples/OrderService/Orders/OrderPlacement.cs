using Contracts;
using MongoDB.Driver;
using Outbox;
using Outbox.Capture;

namespace OrderService.Orders;

/// <summary>Places an order once for each idempotency key.</summary>
internal sealed class OrderPlacement(IOutbox outbox, OrderStore orders, TimeProvider time)
{
    /// <returns>The order of this key, and whether this call has placed it.</returns>
    public async Task<(Order Order, bool IsNew)> PlaceAsync(PlaceOrder request, string? idempotencyKey, CancellationToken cancellationToken)
    {
        var order = Order.Place(request.Item, request.Quantity, idempotencyKey, time.GetUtcNow());
        try
        {
            await outbox.ExecuteAsync(async (tx, ct) =>
            {
                await orders.InsertAsync(tx.Session, order, ct);
                tx.Publish(new OrderPlaced(order.Id, order.Item, order.Quantity), order.Id, order.Version);
            }, cancellationToken);
            return (order, true);
        }
        catch (MongoWriteException error) when (idempotencyKey is not null && error.WriteError.Category == ServerErrorCategory.DuplicateKey)
        {
            // The transaction is gone with its message. The key's order is committed: while it was not, this insert met a write conflict and ran again.
            var first = await orders.FindByKeyAsync(idempotencyKey, cancellationToken);
            return (first ?? throw new InvalidOperationException($"The order of idempotency key '{idempotencyKey}' was there and is not any more.", error), false);
        }
    }
}
