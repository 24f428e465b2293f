using MassTransit;
using MongoDB.Driver;
using Outbox.Versioning;

namespace Outbox.Benchmarks.Consuming;

internal sealed class OrderConsumer(IMongoDatabase database) : IConsumer<OrderChanged>
{
    public Task Consume(ConsumeContext<OrderChanged> context) => database.GetCollection<OrderView>("views").ApplyAsync(
        context.Session(), context.Stamp(), new OrderView { Id = context.Message.OrderId, Note = context.Message.Note }, context.CancellationToken);
}

internal sealed class OrderBatchConsumer(IMongoDatabase database) : IConsumer<Batch<OrderChanged>>
{
    public Task Consume(ConsumeContext<Batch<OrderChanged>> context) => database.GetCollection<OrderView>("views").ApplyManyAsync(
        context.Session(),
        context.Message.Select(message => (message.Stamp(), new OrderView { Id = message.Message.OrderId, Note = message.Message.Note })),
        context.CancellationToken);
}
