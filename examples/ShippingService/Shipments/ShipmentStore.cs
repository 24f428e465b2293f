using MongoDB.Driver;

namespace ShippingService.Shipments;

/// <summary>The shipments' collection.</summary>
internal sealed class ShipmentStore(IMongoDatabase database)
{
    public IMongoCollection<Shipment> Collection { get; } = database.GetCollection<Shipment>("shipments");

    public async Task<Shipment?> FindAsync(string orderId, CancellationToken cancellationToken) =>
        await Collection.Find(shipment => shipment.Id == orderId).FirstOrDefaultAsync(cancellationToken);

    public async Task<Shipment?> FindAsync(IClientSessionHandle session, string orderId, CancellationToken cancellationToken) =>
        await Collection.Find(session, shipment => shipment.Id == orderId).FirstOrDefaultAsync(cancellationToken);

    /// <summary>The ids of the shipments that can leave, longest waiting first.</summary>
    public Task<List<string>> FindPackedAsync(DateTimeOffset now, int limit, CancellationToken cancellationToken)
    {
        var until = now.UtcDateTime;
        return Collection.Find(shipment => shipment.Status == ShipmentStatus.Preparing && shipment.PackedAt <= until)
            .SortBy(shipment => shipment.PackedAt).Limit(limit).Project(shipment => shipment.Id).ToListAsync(cancellationToken);
    }

    public Task InsertAsync(IClientSessionHandle session, Shipment shipment, CancellationToken cancellationToken) =>
        Collection.InsertOneAsync(session, shipment, cancellationToken: cancellationToken);

    /// <summary>Replaces the version before this one, and no other.</summary>
    public async Task SaveAsync(IClientSessionHandle session, Shipment shipment, CancellationToken cancellationToken)
    {
        var result = await Collection.ReplaceOneAsync(
            session, stored => stored.Id == shipment.Id && stored.Version == shipment.Version - 1, shipment, cancellationToken: cancellationToken);
        if (result.MatchedCount == 0)
        {
            throw new InvalidOperationException(
                $"Shipment {shipment.Id} cannot become version {shipment.Version}: its stored version is not {shipment.Version - 1}.");
        }
    }
}
