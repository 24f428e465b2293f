using System.Collections.Concurrent;
using MassTransit;
using MongoDB.Bson;
using MongoDB.Driver;
using Outbox.Integration.Tests.Servers;

namespace Outbox.Integration.Tests.Inbox;

public sealed record ShipmentCreated(string OrderId);

/// <summary>What the consumer does beside its work.</summary>
public sealed class ConsumerScript
{
    private readonly ConcurrentQueue<OrderPlaced> _completed = new();
    private int _runs;

    /// <summary>The sizes of the batches that a consumer was given.</summary>
    public ConcurrentQueue<int> Batches { get; } = new();

    public int Runs => Volatile.Read(ref _runs);

    public Func<OrderPlaced, int, Task> AfterWrite { get; set; } = (_, _) => Task.CompletedTask;

    /// <summary>The amounts of an order, as its consumer came to its end.</summary>
    public IEnumerable<int> Amounts(string orderId) => _completed.Where(order => order.OrderId == orderId).Select(order => order.Amount);

    internal async Task RunAsync(OrderPlaced message)
    {
        await AfterWrite(message, Interlocked.Increment(ref _runs));
        _completed.Enqueue(message);
    }
}

internal sealed class ShippingConsumer(IMongoDatabase database, ConsumerScript script, IPublishEndpoint publish) : IConsumer<OrderPlaced>
{
    public async Task Consume(ConsumeContext<OrderPlaced> context)
    {
        var shipments = database.GetCollection<BsonDocument>("shipments");
        await shipments.InsertOneAsync(
            context.Session(),
            new BsonDocument { { "orderId", context.Message.OrderId }, { "amount", context.Message.Amount }, { "timestamp", context.Stamp().Timestamp.UtcDateTime } },
            cancellationToken: context.CancellationToken);
        await publish.Publish(new ShipmentCreated(context.Message.OrderId), context.CancellationToken);
        await script.RunAsync(context.Message);
    }
}
