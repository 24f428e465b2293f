using MongoDB.Driver;
using Outbox;
using Outbox.Capture;

namespace Outbox_Service.Orders;

/// <summary>Stores an order and announces it: both happen, or neither.</summary>
internal sealed class OrderPlacement(IOutbox outbox, IMongoDatabase database)
{
    public async Task<Order> PlaceAsync(PlaceOrder request, CancellationToken cancellationToken = default)
    {
        var order = new Order { Id = Guid.NewGuid().ToString(), Item = request.Item, Quantity = request.Quantity };

        // One MongoDB transaction. After a transient error it runs again, so nothing else than writes with tx.Session belongs in here.
        await outbox.ExecuteAsync(async (tx, ct) =>
        {
            await database.GetCollection<Order>("orders").InsertOneAsync(tx.Session, order, cancellationToken: ct);
            tx.Publish(new OrderPlaced(order.Id, order.Item, order.Quantity), order.Id, order.Version);
        }, cancellationToken);
        return order;
    }
}
