using MassTransit;
using MongoDB.Driver;
using Outbox;
using Outbox.Versioning;

namespace Shipping;

public sealed class OrderPlacedConsumer(IMongoDatabase database) : IConsumer<OrderPlaced>
{
    public Task Consume(ConsumeContext<OrderPlaced> context)
    {
        var shipment = new Shipment { Id = context.Message.OrderId, Item = context.Message.Item };
        return database.GetCollection<Shipment>("shipments").ApplyAsync(context.Session(), context.Stamp(), shipment);
    }
}
