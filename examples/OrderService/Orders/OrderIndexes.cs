using MongoDB.Driver;

namespace OrderService.Orders;

/// <summary>Creates the index that makes a second order with the same key impossible, before the first request comes in.</summary>
internal sealed class OrderIndexes(OrderStore orders) : IHostedService
{
    public Task StartAsync(CancellationToken cancellationToken) => orders.Collection.Indexes.CreateOneAsync(
        new CreateIndexModel<Order>(
            Builders<Order>.IndexKeys.Ascending(order => order.IdempotencyKey),
            new CreateIndexOptions<Order>
            {
                Name = "idempotencyKey",
                Unique = true,
                PartialFilterExpression = Builders<Order>.Filter.Exists(order => order.IdempotencyKey),
            }),
        cancellationToken: cancellationToken);

    public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;
}
