using MassTransit;
using MassTransit.Saga;
using Microsoft.Extensions.DependencyInjection;
using Outbox.Kafka.Tests.Fixture;

namespace Outbox.Kafka.Tests.Inbox.Pipeline;

public sealed class SagaTests
{
    [Fact]
    public async Task A_saga_gets_each_message_once_and_what_it_publishes_is_captured()
    {
        await using var shop = new Shop(partitions: 1);
        var host = shop.BuildWith(
            x => x.AddSagaStateMachine<OrderStateMachine, OrderSaga>().InMemoryRepository(),
            (e, context) => e.ConfigureSaga<OrderSaga>(context));
        await shop.Produce("o1", new OrderPlaced("o1", 1), messageId: "m1");
        await shop.Produce("o1", new OrderPlaced("o1", 1), messageId: "m1");
        await shop.Produce("o1", new OrderPlaced("o1", 2), messageId: "m2", version: 2);
        await shop.Produce("o1", new OrderCancelled("o1"), messageId: "m3", version: 3);
        await shop.Produce("o2", new OrderPlaced("o2", 1), messageId: "m4");

        await host.StartAsync();
        await Signal.Eventually(() => shop.Committed() == 5, "all were acknowledged");

        Assert.Empty(shop.Store.Parked);
        Assert.Equal((4, 1), (shop.Store.Processed, shop.Store.Duplicates));
        var sagas = host.Services.GetRequiredService<IndexedSagaDictionary<OrderSaga>>();
        var first = sagas.Where(new SagaQuery<OrderSaga>(x => x.OrderId == "o1")).Single().Instance;
        Assert.Equal(("Over", 1), (first.CurrentState, first.Changes));
        Assert.Equal("Waiting", sagas.Where(new SagaQuery<OrderSaga>(x => x.OrderId == "o2")).Single().Instance.CurrentState);
        Assert.Equal(["o1", "o2"], shop.Store.Outbox.Select(x => x.EntityId).Order());
    }

    [Fact]
    public async Task A_saga_is_saved_when_its_inbox_transaction_commits()
    {
        await using var shop = new Shop(partitions: 1);
        var seen = new Seen();
        var host = shop.BuildWith(
            x => x.AddSagaStateMachine<OrderStateMachine, OrderSaga>().InMemoryRepository(),
            (e, context) => e.ConfigureSaga<OrderSaga>(context, s => s.UseExecute(x => seen.Lines.Enqueue($"{shop.Store.Transactions} {shop.Store.Processed}"))));
        await shop.Produce("o1", new OrderPlaced("o1", 1), messageId: "m1");

        await host.StartAsync();
        await shop.Signal.Until(() => shop.Store.Processed == 1, "it was processed");

        Assert.Equal(["1 0"], seen.Lines);
    }
}
