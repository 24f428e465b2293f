using MongoDB.Driver;

namespace ShippingService.Shipments;

/// <summary>Creates the index by which packed shipments are found.</summary>
internal sealed class ShipmentIndexes(ShipmentStore shipments) : IHostedService
{
    public Task StartAsync(CancellationToken cancellationToken) => shipments.Collection.Indexes.CreateOneAsync(
        new CreateIndexModel<Shipment>(
            Builders<Shipment>.IndexKeys.Ascending(shipment => shipment.Status).Ascending(shipment => shipment.PackedAt),
            new CreateIndexOptions { Name = "status_packedAt" }),
        cancellationToken: cancellationToken);

    public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;
}
