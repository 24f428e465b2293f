using MassTransit;
using MongoDB.Driver;
using Outbox.Capture;

namespace Outbox.Testing.Tests.Harness;

public sealed record Order(string Id, int Quantity);

/// <summary>The code under test: it has no idea of tests.</summary>
public sealed class OrderService(IOutbox outbox)
{
    public Task PlaceAsync(string orderId, int quantity, MessageOptions? options = null) => outbox.ExecuteAsync((tx, _) =>
    {
        tx.Publish(new OrderPlaced(orderId, quantity), orderId, version: 1, options);
        return quantity > 100 ? throw new InvalidOperationException($"Order {orderId} wants too many.") : Task.CompletedTask;
    });

    public Task DeleteAsync(string orderId) => outbox.ExecuteAsync((tx, _) =>
    {
        tx.PublishTombstone<OrderPlaced>(orderId, version: 2);
        return Task.CompletedTask;
    });
}

public sealed class StoringOrderService(IOutbox outbox, IMongoDatabase database)
{
    public Task PlaceAsync(string orderId, int quantity) => outbox.ExecuteAsync(async (tx, ct) =>
    {
        await database.GetCollection<Order>("orders").InsertOneAsync(tx.Session, new Order(orderId, quantity), cancellationToken: ct);
        tx.Publish(new OrderPlaced(orderId, quantity), orderId, version: 1);
    });
}

public sealed class StockConsumer : IConsumer<OrderPlaced>
{
    public async Task Consume(ConsumeContext<OrderPlaced> context)
    {
        await context.Publish(new StockReserved(context.Message.OrderId));
        if (context.Message.Quantity > 10)
        {
            throw new InvalidOperationException("There are not so many.");
        }
    }
}
