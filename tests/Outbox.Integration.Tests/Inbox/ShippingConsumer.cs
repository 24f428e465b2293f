using MassTransit;
using MongoDB.Bson;
using MongoDB.Driver;
using Outbox.Integration.Tests.Servers;

namespace Outbox.Integration.Tests.Inbox;

public sealed record ShipmentCreated(string OrderId);

/// <summary>What the consumer does beside its work.</summary>
public sealed class ConsumerScript
{
    private int _runs;

    public int Runs => Volatile.Read(ref _runs);

    public Func<OrderPlaced, int, Task> AfterWrite { get; set; } = (_, _) => Task.CompletedTask;

    internal Task RunAsync(OrderPlaced message) => AfterWrite(message, Interlocked.Increment(ref _runs));
}

internal sealed class ShippingConsumer(IMongoDatabase database, ConsumerScript script, IPublishEndpoint publish) : IConsumer<OrderPlaced>
{
    public async Task Consume(ConsumeContext<OrderPlaced> context)
    {
        var shipments = database.GetCollection<BsonDocument>("shipments");
        await shipments.InsertOneAsync(
            context.Session(), new BsonDocument { { "orderId", context.Message.OrderId } }, cancellationToken: context.CancellationToken);
        await publish.Publish(new ShipmentCreated(context.Message.OrderId), context.CancellationToken);
        await script.RunAsync(context.Message);
    }
}
