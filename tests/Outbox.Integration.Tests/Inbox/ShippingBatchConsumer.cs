using MassTransit;
using MongoDB.Bson;
using MongoDB.Driver;
using Outbox.Integration.Tests.Servers;

namespace Outbox.Integration.Tests.Inbox;

/// <summary>Ships a batch of orders with one insert, and publishes for each: through the batch's context, and through the message's.</summary>
internal sealed class ShippingBatchConsumer(IMongoDatabase database, ConsumerScript script) : IConsumer<Batch<OrderPlaced>>
{
    public async Task Consume(ConsumeContext<Batch<OrderPlaced>> context)
    {
        var shipments = context.Message.Select(message => new BsonDocument { { "orderId", message.Message.OrderId }, { "version", message.Stamp().Version } });
        await database.GetCollection<BsonDocument>("shipments").InsertManyAsync(context.Session(), shipments, cancellationToken: context.CancellationToken);
        script.Batches.Enqueue(context.Message.Length);
        foreach (var (n, message) in context.Message.Index())
        {
            await PublishContext(n, context, message).Publish(new ShipmentCreated(message.Message.OrderId), context.CancellationToken);
            await script.RunAsync(message.Message);
        }
    }

    private static IPublishEndpoint PublishContext(int n, ConsumeContext batch, ConsumeContext message) => n % 2 == 0 ? batch : message;
}
