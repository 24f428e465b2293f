using MassTransit;
using MongoDB.Driver;
using Outbox;
using Outbox.Versioning;
using Outbox_Service.Orders;

namespace Outbox_Service.Shipments;

/// <summary>Runs in one transaction with its inbox record: a duplicate does not get here, and what fails for good is parked with its error.</summary>
internal sealed class OrderPlacedConsumer(IMongoDatabase database) : IConsumer<OrderPlaced>
{
    public async Task Consume(ConsumeContext<OrderPlaced> context)
    {
        var shipment = new Shipment { Id = context.Message.OrderId, Item = context.Message.Item };
        await database.GetCollection<Shipment>("shipments").ApplyAsync(context.Session(), context.Stamp(), shipment, context.CancellationToken);
    }
}
