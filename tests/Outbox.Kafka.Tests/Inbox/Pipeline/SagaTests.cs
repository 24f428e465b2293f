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
    public async Task A_transaction_that_is_repeated_gets_the_saga_anew()
    {
        await using var shop = new Shop(partitions: 1);
        var attempts = new Attempts();
        var host = shop.BuildWith(
            x =>
            {
                x.AddSingleton(attempts);
                x.AddSagaStateMachine<ConflictingStateMachine, OrderSaga>().InMemoryRepository();
            },
            (e, context) => e.ConfigureSaga<OrderSaga>(context));
        await shop.Produce("o1", new OrderPlaced("o1", 1));

        await host.StartAsync();
        await Signal.Eventually(() => shop.Committed() == 1, "it was acknowledged");

        Assert.Equal(2, attempts.Count);
        var sagas = host.Services.GetRequiredService<IndexedSagaDictionary<OrderSaga>>();
        Assert.Equal(1, sagas.Where(new SagaQuery<OrderSaga>(x => x.OrderId == "o1")).Single().Instance.Changes);
    }
}

public sealed class Attempts
{
    public int Count { get; set; }
}

public sealed class ConflictingStateMachine : MassTransitStateMachine<OrderSaga>
{
    public ConflictingStateMachine(Attempts attempts)
    {
        InstanceState(x => x.CurrentState);
        Event(() => Placed, x => x.CorrelateBy((saga, context) => saga.OrderId == context.Message.OrderId).SelectId(_ => NewId.NextGuid()));
        Initially(When(Placed)
            .Then(x =>
            {
                (x.Saga.OrderId, x.Saga.Changes) = (x.Message.OrderId, x.Saga.Changes + 1);
                if (++attempts.Count == 1)
                {
                    throw new ConflictException();
                }
            })
            .TransitionTo(Waiting));
    }

    public State Waiting { get; private set; } = null!;

    public Event<OrderPlaced> Placed { get; private set; } = null!;
}
