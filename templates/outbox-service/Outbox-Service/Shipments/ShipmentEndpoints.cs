using MongoDB.Driver;

namespace Outbox_Service.Shipments;

internal static class ShipmentEndpoints
{
    public static void MapShipments(this WebApplication app) => app.MapGet("/shipments/{orderId}", async (string orderId, IMongoDatabase database, CancellationToken cancellationToken) =>
        await database.GetCollection<Shipment>("shipments").Find(x => x.Id == orderId).FirstOrDefaultAsync(cancellationToken) is { } shipment
            ? Results.Ok(shipment)
            : Results.NotFound());
}
