using MongoDB.Bson;
using MongoDB.Driver;

namespace Demo.Checks;

/// <summary>Reads the two databases, without any code of the services.</summary>
internal sealed class Documents(IMongoDatabase orders, IMongoDatabase shipping)
{
    public Task<List<EntityState>> OrdersAsync(CancellationToken cancellationToken) => ReadAsync(orders, "orders", cancellationToken);

    public Task<List<EntityState>> ShipmentViewsAsync(CancellationToken cancellationToken) => ReadAsync(orders, "shipmentViews", cancellationToken);

    public Task<List<EntityState>> ShipmentsAsync(CancellationToken cancellationToken) => ReadAsync(shipping, "shipments", cancellationToken);

    public Task<List<EntityState>> OrderViewsAsync(CancellationToken cancellationToken) => ReadAsync(shipping, "orderViews", cancellationToken);

    public async Task<Counts> CountAsync(CancellationToken cancellationToken)
    {
        var pending = await SumAsync("outbox", cancellationToken);
        var parked = await SumAsync("outbox.parked", cancellationToken) + await SumAsync("inbox.parked", cancellationToken);
        return new Counts(
            await StatusAsync(orders, "orders", "PLACED", cancellationToken),
            await StatusAsync(orders, "orders", "SHIPPED", cancellationToken),
            await StatusAsync(orders, "orders", "CANCELLED", cancellationToken),
            await StatusAsync(shipping, "shipments", "PREPARING", cancellationToken),
            await StatusAsync(shipping, "shipments", "SHIPPED", cancellationToken),
            await StatusAsync(shipping, "shipments", "CANCELLED", cancellationToken),
            pending,
            parked);
    }

    private static async Task<List<EntityState>> ReadAsync(IMongoDatabase database, string collection, CancellationToken cancellationToken)
    {
        var documents = await database.GetCollection<BsonDocument>(collection).Find(new BsonDocument()).ToListAsync(cancellationToken);
        return documents.ConvertAll(EntityState.From);
    }

    private static Task<long> StatusAsync(IMongoDatabase database, string collection, string status, CancellationToken cancellationToken) =>
        database.GetCollection<BsonDocument>(collection).CountDocumentsAsync(new BsonDocument("status", status), cancellationToken: cancellationToken);

    private async Task<long> SumAsync(string collection, CancellationToken cancellationToken) =>
        await orders.GetCollection<BsonDocument>(collection).CountDocumentsAsync(new BsonDocument(), cancellationToken: cancellationToken)
        + await shipping.GetCollection<BsonDocument>(collection).CountDocumentsAsync(new BsonDocument(), cancellationToken: cancellationToken);
}
