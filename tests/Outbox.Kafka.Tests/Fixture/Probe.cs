using System.Collections.Concurrent;
using MassTransit;
using Outbox.Capture;
using Outbox.Messages;

namespace Outbox.Kafka.Tests.Fixture;

/// <summary>What the consumers do and what they saw.</summary>
public sealed class Probe(Signal signal)
{
    public ConcurrentQueue<OrderPlaced> Placed { get; } = new();

    public ConcurrentQueue<OrderCancelled> Cancelled { get; } = new();

    public ConcurrentQueue<string> Gone { get; } = new();

    public ConcurrentQueue<StockCounted> Counted { get; } = new();

    public Func<Consumption, Task> OnPlaced { get; set; } = _ => Task.CompletedTask;

    public async Task Run(Consumption consumption)
    {
        Placed.Enqueue(consumption.Message);
        signal.Raise();
        await OnPlaced(consumption);
    }

    public void Run(OrderCancelled message)
    {
        Cancelled.Enqueue(message);
        signal.Raise();
    }
}

public sealed class GoneConsumer(Probe probe, Signal signal) : IConsumer<Tombstone<OrderPlaced>>
{
    public Task Consume(ConsumeContext<Tombstone<OrderPlaced>> context)
    {
        probe.Gone.Enqueue(context.Message.EntityId);
        signal.Raise();
        return Task.CompletedTask;
    }
}

public sealed class StockConsumer : IConsumer<ReserveStock>
{
    public Task Consume(ConsumeContext<ReserveStock> context) => Task.CompletedTask;
}

public sealed class CountedConsumer(Probe probe, Signal signal) : IConsumer<StockCounted>, IConsumer<Tombstone<StockCounted>>
{
    public Task Consume(ConsumeContext<StockCounted> context)
    {
        probe.Counted.Enqueue(context.Message);
        signal.Raise();
        return Task.CompletedTask;
    }

    public Task Consume(ConsumeContext<Tombstone<StockCounted>> context)
    {
        probe.Gone.Enqueue(context.Message.EntityId);
        signal.Raise();
        return Task.CompletedTask;
    }
}

public sealed record Consumption(ConsumeContext<OrderPlaced> Context, IPublishEndpoint PublishEndpoint, ISendEndpointProvider SendEndpoints, IOutbox Outbox)
{
    public OrderPlaced Message => Context.Message;
}

public sealed class PlacedConsumer(Probe probe, IPublishEndpoint publish, ISendEndpointProvider send, IOutbox outbox) : IConsumer<OrderPlaced>
{
    public Task Consume(ConsumeContext<OrderPlaced> context) => probe.Run(new Consumption(context, publish, send, outbox));
}

public sealed class CancelledConsumer(Probe probe) : IConsumer<OrderCancelled>
{
    public Task Consume(ConsumeContext<OrderCancelled> context)
    {
        probe.Run(context.Message);
        return Task.CompletedTask;
    }
}
