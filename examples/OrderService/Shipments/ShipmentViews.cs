using MongoDB.Driver;

namespace OrderService.Shipments;

/// <summary>The collection of shipment views.</summary>
internal sealed class ShipmentViews(IMongoDatabase database)
{
    public IMongoCollection<ShipmentView> Collection { get; } = database.GetCollection<ShipmentView>("shipmentViews");

    public async Task<ShipmentView?> FindAsync(string orderId, CancellationToken cancellationToken) =>
        await Collection.Find(view => view.Id == orderId).FirstOrDefaultAsync(cancellationToken);
}
