using System.Text.Json;
using MassTransit;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Outbox.Inbox;
using Outbox.Kafka.Formats;
using Outbox.Kafka.Tests.Fixture;
using Outbox.Messages;
using Outbox.Versioning;

namespace Outbox.Kafka.Tests.Inbox.Features;

/// <summary>What consumers schedule is a delayed message of their transaction, and what they schedule for themselves comes back to their endpoint alone.</summary>
public sealed class SchedulingTests : IAsyncDisposable
{
    private static readonly TimeSpan Later = TimeSpan.FromHours(1);
    private readonly Shop _shop = new(partitions: 1);

    public ValueTask DisposeAsync() => _shop.DisposeAsync();

    [Fact]
    public async Task SchedulePublish_is_a_delayed_message_of_the_transaction()
    {
        var message = await ScheduledAsync(consumption => consumption.Context.SchedulePublish(Later, new ShipmentCreated("o1")));

        Assert.Equal(("shipments", "o1"), (message.Topic, message.EntityId));
        Assert.False(message.Headers.ContainsKey("outbox.endpoint"));
        IsDue(message);
    }

    [Fact]
    public async Task ScheduleSend_to_a_topic_is_a_delayed_message_of_the_transaction()
    {
        var message = await ScheduledAsync(consumption => consumption.Context.ScheduleSend(new Uri("topic:stock"), Later, new ReserveStock("s1")));

        Assert.Equal(("stock", "s1"), (message.Topic, message.EntityId));
        IsDue(message);
    }

    [Fact]
    public async Task ScheduleSend_without_an_address_comes_back_to_the_endpoint_alone()
    {
        var message = await ScheduledAsync(consumption => consumption.Context.ScheduleSend(Later, new OrderShipped("o1")));

        Assert.Equal(("orders", "o1", Shop.Group), (message.Topic, message.PartitionKey, message.Headers["outbox.endpoint"]));
        Assert.Matches("^own/", message.EntityId);
        IsDue(message);
    }

    [Fact]
    public async Task Redeliver_is_a_copy_with_an_id_of_its_own_that_comes_back_to_the_endpoint_alone()
    {
        var counts = new List<int>();
        _shop.Probe.OnPlaced = async consumption =>
        {
            counts.Add(consumption.Context.GetRedeliveryCount());
            if (counts.Count == 1)
            {
                await consumption.Context.Redeliver(Later);
            }
        };
        await _shop.Start(e => e.ConcurrentMessageLimit = 1);
        await _shop.Produce("o1", new OrderPlaced("o1", 7), messageId: "m1", version: 3);
        await _shop.Signal.Until(() => _shop.Store.Processed == 1, "it was processed");

        var copy = Assert.Single(_shop.Store.Outbox);
        Assert.NotEqual("m1", copy.MessageId);
        Assert.Equal(("orders", "o1", 3L, Shop.Group), (copy.Topic, copy.EntityId, copy.Version, copy.Headers["outbox.endpoint"]));
        IsDue(copy);

        await _shop.Produce(WireFormats.Write(copy));
        await _shop.Signal.Until(() => _shop.Store.Processed == 2, "the copy was processed");
        Assert.Equal([0, 1], counts);
        Assert.Empty(_shop.Store.Parked);
    }

    [Fact]
    public async Task Another_endpoint_leaves_alone_what_is_for_one()
    {
        using var skipped = new CancellationTokenSource();
        await _shop.Start();
        var envelope = Shop.Envelope("o1", new OrderPlaced("o1", 1));
        envelope.Headers.Add("outbox.endpoint", "another"u8.ToArray());
        await _shop.Produce(envelope);
        await _shop.Produce("o2", new OrderPlaced("o2", 2));
        await Signal.Eventually(() => _shop.Committed() == 2, "both were acknowledged");

        Assert.Equal(["o2"], _shop.Probe.Placed.Select(order => order.OrderId));
    }

    [Fact]
    public async Task A_message_in_sequence_cannot_be_scheduled()
    {
        _shop.Probe.OnPlaced = consumption => consumption.Context.ScheduleSend(Later, new OrderShipped("o1"));
        await _shop.Start(outbox: o => o.Topic("orders", t => t.Message<StepTaken>(configure: m => m.Ordering = MessageOrdering.Sequence)));
        _shop.Probe.OnPlaced = consumption => consumption.Context.ScheduleSend(Later, new StepTaken("o1"));
        await _shop.Produce("o1", new OrderPlaced("o1", 1));
        await _shop.Signal.Until(() => _shop.Store.Parked.Count == 1, "it was parked");

        Assert.Contains("is in sequence, and a message that is delayed", _shop.Store.Parked[0].Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_saga_timeout_comes_back_to_its_saga_and_an_unscheduled_one_is_ignored()
    {
        var host = BuildSaga();
        await host.StartAsync();
        var (kept, dropped) = (NewId.NextGuid(), NewId.NextGuid());
        await _shop.Produce("o1", new OrderPlaced(kept.ToString(), 1), messageId: "m1");
        await _shop.Produce("o2", new OrderPlaced(dropped.ToString(), 1), messageId: "m2");
        await _shop.Produce("o2", new OrderCancelled(dropped.ToString()), messageId: "m3", version: 2);
        await _shop.Signal.Until(() => _shop.Store.Processed == 3, "both sagas have begun, and one has unscheduled its timeout");
        var timeouts = _shop.Store.Outbox.ToList();
        Assert.Equal(2, timeouts.Count);
        Assert.All(timeouts, timeout => Assert.Equal(("orders", "payment-overdue", Shop.Group), (timeout.Topic, timeout.Type, timeout.Headers["outbox.endpoint"])));
        Assert.All(timeouts, IsDue);

        foreach (var timeout in timeouts)
        {
            await _shop.Produce(WireFormats.Write(timeout));
        }

        await _shop.Signal.Until(() => _shop.Store.Processed == 5, "both timeouts were processed");
        Assert.Empty(_shop.Store.Parked);
        var shipment = Assert.Single(_shop.Store.Outbox, message => message.Type == "shipment-created");
        Assert.Equal(kept.ToString(), shipment.EntityId);
        Assert.False(shipment.Headers.ContainsKey("outbox.endpoint"), "what comes of a timeout is for everyone");
    }

    private static void IsDue(OutboxMessage message) =>
        Assert.InRange(message.NotBefore!.Value - DateTimeOffset.UtcNow, Later - TimeSpan.FromMinutes(5), Later + TimeSpan.FromMinutes(5));

    private async Task<OutboxMessage> ScheduledAsync(Func<Consumption, Task> schedule)
    {
        _shop.Probe.OnPlaced = schedule;
        await _shop.Start();
        await _shop.Produce("o1", new OrderPlaced("o1", 1));
        await _shop.Signal.Until(() => _shop.Store.Processed == 1, "it was processed");
        return Assert.Single(_shop.Store.Outbox);
    }

    private IHost BuildSaga() => _shop.BuildWith(
        (k, context) => k.TopicEndpoint("orders", Shop.Group, e =>
        {
            e.ConcurrentMessageLimit = 1;
            e.ConfigureSaga<PaymentSaga>(context);
        }),
        o => o.Topic("orders", t => t.Message<PaymentOverdue>()),
        x => x.AddSagaStateMachine<PaymentStateMachine, PaymentSaga>().InMemoryRepository());
}

public sealed record StepTaken(string OrderId);

public sealed record PaymentOverdue(Guid OrderId);

public sealed class PaymentSaga : SagaStateMachineInstance
{
    public Guid CorrelationId { get; set; }

    public string CurrentState { get; set; } = "";

    public Guid? Overdue { get; set; }
}

public sealed class PaymentStateMachine : MassTransitStateMachine<PaymentSaga>
{
    public PaymentStateMachine()
    {
        InstanceState(x => x.CurrentState);
        Event(() => Placed, x => x.CorrelateById(context => Guid.Parse(context.Message.OrderId)));
        Event(() => Cancelled, x => x.CorrelateById(context => Guid.Parse(context.Message.OrderId)));
        Schedule(() => Overdue, x => x.Overdue, s =>
        {
            s.Delay = TimeSpan.FromHours(1);
            s.Received = received => received.CorrelateById(context => context.Message.OrderId);
        });
        Initially(When(Placed).Schedule(Overdue, x => new PaymentOverdue(x.Saga.CorrelationId)).TransitionTo(Waiting));
        During(
            Waiting,
            When(Cancelled).Unschedule(Overdue),
            When(Overdue.Received).Publish(x => new ShipmentCreated(x.Message.OrderId.ToString())));
    }

    public State Waiting { get; private set; } = null!;

    public Event<OrderPlaced> Placed { get; private set; } = null!;

    public Event<OrderCancelled> Cancelled { get; private set; } = null!;

    public Schedule<PaymentSaga, PaymentOverdue> Overdue { get; private set; } = null!;
}
