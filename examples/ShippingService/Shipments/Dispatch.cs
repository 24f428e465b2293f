using Contracts;
using Microsoft.Extensions.Options;
using MongoDB.Driver;
using Outbox;
using Outbox.Capture;

namespace ShippingService.Shipments;

/// <summary>Prepares shipments, lets them leave, and stops them.</summary>
internal sealed class Dispatch(IOutbox outbox, ShipmentStore shipments, IOptions<ShippingOptions> options, TimeProvider time)
{
    public Shipment Prepare(string orderId) => Shipment.Prepare(orderId, time.GetUtcNow(), options.Value.PackingTime);

    /// <summary>Ships what is packed, in a transaction of its own; a cancellation at the same moment makes one of the two run again and see the other.</summary>
    public Task ShipAsync(string orderId, CancellationToken cancellationToken) => outbox.ExecuteAsync(async (tx, ct) =>
    {
        var shipment = await shipments.FindAsync(tx.Session, orderId, ct);
        if (shipment?.Ship(time.GetUtcNow()) == true)
        {
            await shipments.SaveAsync(tx.Session, shipment, ct);
            tx.Publish(new ShipmentShipped(shipment.Id, shipment.TrackingNumber!), shipment.Id, shipment.Version);
        }
    }, cancellationToken);

    /// <summary>Stops a shipment in the transaction of the message that asks for it. What has left has left.</summary>
    public async Task CancelAsync(IClientSessionHandle session, IOutboxTransaction transaction, string orderId, CancellationToken cancellationToken)
    {
        var shipment = await shipments.FindAsync(session, orderId, cancellationToken);
        if (shipment?.Cancel(time.GetUtcNow()) == true)
        {
            await shipments.SaveAsync(session, shipment, cancellationToken);
            transaction.Publish(new ShipmentCancelled(shipment.Id), shipment.Id, shipment.Version);
        }
    }
}
