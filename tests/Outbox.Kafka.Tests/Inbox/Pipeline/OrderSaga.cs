using MassTransit;
using Outbox.Kafka.Tests.Fixture;

namespace Outbox.Kafka.Tests.Inbox.Pipeline;

public sealed class OrderSaga : SagaStateMachineInstance
{
    public Guid CorrelationId { get; set; }

    public string CurrentState { get; set; } = "";

    public string OrderId { get; set; } = "";

    public int Changes { get; set; }
}

public sealed class OrderStateMachine : MassTransitStateMachine<OrderSaga>
{
    public OrderStateMachine()
    {
        InstanceState(x => x.CurrentState);
        Event(() => Placed, x => x.CorrelateBy((saga, context) => saga.OrderId == context.Message.OrderId).SelectId(_ => NewId.NextGuid()));
        Event(() => Cancelled, x => x.CorrelateBy((saga, context) => saga.OrderId == context.Message.OrderId));
        Initially(When(Placed)
            .Then(x => x.Saga.OrderId = x.Message.OrderId)
            .Publish(x => new ShipmentCreated(x.Message.OrderId))
            .TransitionTo(Waiting));
        During(Waiting, When(Placed).Then(x => x.Saga.Changes++), When(Cancelled).TransitionTo(Over));
    }

    public State Waiting { get; private set; } = null!;

    public State Over { get; private set; } = null!;

    public Event<OrderPlaced> Placed { get; private set; } = null!;

    public Event<OrderCancelled> Cancelled { get; private set; } = null!;
}
