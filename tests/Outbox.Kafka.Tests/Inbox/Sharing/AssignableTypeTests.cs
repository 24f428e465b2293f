using MassTransit;
using Outbox.Kafka.Tests.Fixture;
using Outbox.Versioning;

namespace Outbox.Kafka.Tests.Inbox.Sharing;

/// <summary>What is checked of a message type is checked of the interfaces that its consumers name.</summary>
public sealed class AssignableTypeTests : IAsyncDisposable
{
    private readonly Shop _shop = new(partitions: 1);

    public ValueTask DisposeAsync() => _shop.DisposeAsync();

    [Fact]
    public async Task Batches_of_an_interface_whose_messages_are_in_sequence_stop_the_start() => Assert.Contains(
        "consumes batches of IStockEvent, which is in sequence", await RefusesAsync<StockBatchConsumer>(_ => { }), StringComparison.Ordinal);

    [Fact]
    public async Task An_interface_whose_messages_are_in_sequence_stops_the_start_without_transactions() => Assert.Contains(
        "consumes IStockEvent, which is in sequence", await RefusesAsync<StockEventConsumer>(e => e.Inbox(x => x.Transactional = false)), StringComparison.Ordinal);

    [Fact]
    public async Task Tombstones_of_messages_in_sequence_stop_the_start_without_transactions() => Assert.Contains(
        "which is in sequence", await RefusesAsync<StockGoneConsumer>(e => e.Inbox(x => x.Transactional = false)), StringComparison.Ordinal);

    [Fact]
    public async Task Messages_of_another_topic_that_are_in_sequence_are_no_reason_to_refuse_an_interface()
    {
        var host = _shop.BuildWith(
            (k, context) => k.TopicEndpoint("orders", Shop.Group, e => e.ConfigureConsumer<StockBatchConsumer>(context)),
            o =>
            {
                Movements(o);
                o.Topic("orders", t => t.Message<StockSeen>());
            },
            x => x.AddConsumer<StockBatchConsumer>());

        await host.StartAsync();
    }

    private static void Movements(OutboxConfigurator outbox) => outbox.Topic("movements", t =>
    {
        t.Ordering = MessageOrdering.Sequence;
        t.Message<StockMoved>();
    });

    private Task<string> RefusesAsync<TConsumer>(Action<ITopicEndpointConfigurator> endpoint)
        where TConsumer : class, IConsumer => _shop.Refuses(_shop.BuildWith(
            (k, context) => k.TopicEndpoint("movements", Shop.Group, e =>
            {
                endpoint(e);
                e.ConfigureConsumer<TConsumer>(context);
            }),
            Movements,
            x => x.AddConsumer<TConsumer>()));
}

public interface IStockEvent;

public sealed record StockMoved(string Sku) : IStockEvent;

public sealed record StockSeen(string Sku) : IStockEvent;

public sealed class StockBatchConsumer : IConsumer<Batch<IStockEvent>>
{
    public Task Consume(ConsumeContext<Batch<IStockEvent>> context) => Task.CompletedTask;
}

public sealed class StockEventConsumer : IConsumer<IStockEvent>
{
    public Task Consume(ConsumeContext<IStockEvent> context) => Task.CompletedTask;
}

public sealed class StockGoneConsumer : IConsumer<Outbox.Messages.Tombstone<StockMoved>>
{
    public Task Consume(ConsumeContext<Outbox.Messages.Tombstone<StockMoved>> context) => Task.CompletedTask;
}
