using Contracts;
using MassTransit;
using Outbox;

namespace ShippingService.Shipments;

/// <summary>Obeys or refuses; either way the answer is part of the transaction.</summary>
internal sealed class ExpediteConsumer(ShipmentStore shipments, TimeProvider time) : IConsumer<ExpediteShipment>
{
    public async Task Consume(ConsumeContext<ExpediteShipment> context)
    {
        var shipment = await shipments.FindAsync(context.Session(), context.Message.OrderId, context.CancellationToken);
        if (shipment?.Ship(time.GetUtcNow()) != true)
        {
            context.Reject(shipment is null ? "it has no shipment yet" : $"its shipment is {shipment.Status}");
            return;
        }

        await shipments.SaveAsync(context.Session(), shipment, context.CancellationToken);
        context.Transaction().Publish(new ShipmentShipped(shipment.Id, shipment.TrackingNumber!), shipment.Id, shipment.Version);
    }
}
