using MongoDB.Bson;
using MongoDB.Driver;

namespace Demo.Checks;

/// <summary>Reads the two databases, without any code of the services.</summary>
internal sealed class Documents(IMongoDatabase orders, IMongoDatabase shipping)
{
    private readonly OrderEvents _orders = new(orders);

    public Task<List<EntityState>> OrdersAsync(CancellationToken cancellationToken) => _orders.ReadAsync(cancellationToken);

    public Task<List<EntityState>> ShipmentViewsAsync(CancellationToken cancellationToken) => ReadAsync(orders, "shipmentViews", cancellationToken);

    public Task<List<EntityState>> ShipmentsAsync(CancellationToken cancellationToken) => ReadAsync(shipping, "shipments", cancellationToken);

    public Task<List<EntityState>> OrderViewsAsync(CancellationToken cancellationToken) => ReadAsync(shipping, "orderViews", cancellationToken);

    public async Task<Counts> CountAsync(CancellationToken cancellationToken) => new()
    {
        Pending = await SumAsync("outbox", cancellationToken),
        Parked = await SumAsync("outbox.parked", cancellationToken) + await SumAsync("inbox.parked", cancellationToken),
        Waiting = await shipping.GetCollection<BsonDocument>("inbox.parked").CountDocumentsAsync(new BsonDocument("reason", "gap"), cancellationToken: cancellationToken),
        Orders = await _orders.CountAsync(cancellationToken),
        ShipmentsPreparing = await StatusAsync(shipping, "shipments", "PREPARING", cancellationToken),
        ShipmentsShipped = await StatusAsync(shipping, "shipments", "SHIPPED", cancellationToken),
        ShipmentsCancelled = await StatusAsync(shipping, "shipments", "CANCELLED", cancellationToken),
    };

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
