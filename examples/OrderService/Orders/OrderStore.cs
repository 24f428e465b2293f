using MongoDB.Driver;

namespace OrderService.Orders;

/// <summary>The orders' collection.</summary>
internal sealed class OrderStore(IMongoDatabase database)
{
    public IMongoCollection<Order> Collection { get; } = database.GetCollection<Order>("orders");

    public async Task<Order?> FindAsync(string id, CancellationToken cancellationToken) =>
        await Collection.Find(order => order.Id == id).FirstOrDefaultAsync(cancellationToken);

    public async Task<Order?> FindAsync(IClientSessionHandle session, string id, CancellationToken cancellationToken) =>
        await Collection.Find(session, order => order.Id == id).FirstOrDefaultAsync(cancellationToken);

    public async Task<Order?> FindByKeyAsync(string idempotencyKey, CancellationToken cancellationToken) =>
        await Collection.Find(order => order.IdempotencyKey == idempotencyKey).FirstOrDefaultAsync(cancellationToken);

    public Task InsertAsync(IClientSessionHandle session, Order order, CancellationToken cancellationToken) =>
        Collection.InsertOneAsync(session, order, cancellationToken: cancellationToken);

    /// <summary>Replaces the version before this one, and no other.</summary>
    public async Task SaveAsync(IClientSessionHandle session, Order order, CancellationToken cancellationToken)
    {
        var result = await Collection.ReplaceOneAsync(
            session, stored => stored.Id == order.Id && stored.Version == order.Version - 1, order, cancellationToken: cancellationToken);
        if (result.MatchedCount == 0)
        {
            throw new InvalidOperationException($"Order {order.Id} cannot become version {order.Version}: its stored version is not {order.Version - 1}.");
        }
    }
}
