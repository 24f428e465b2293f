using System.Collections.Concurrent;
using MassTransit;
using Outbox.Kafka.Tests.Fixture;

namespace Outbox.Kafka.Tests.Inbox.Sharing;

/// <summary>Which consumers ran, and what becomes of them.</summary>
public sealed class Runs(Signal signal)
{
    private readonly ConcurrentQueue<string> _all = new();

    public Action<string, int> Then { get; set; } = (_, _) => { };

    public IEnumerable<string> All => _all.Order(StringComparer.Ordinal);

    public int Of(string consumer) => _all.Count(name => name == consumer);

    /// <summary>Each run publishes who it was, so that what took effect can be counted.</summary>
    public async Task Run(string consumer, ConsumeContext context)
    {
        _all.Enqueue(consumer);
        signal.Raise();
        await context.Publish(new ShipmentCreated(consumer));
        Then(consumer, Of(consumer));
    }
}

public sealed class AuditConsumer(Runs runs) : IConsumer<IOrderEvent>
{
    public Task Consume(ConsumeContext<IOrderEvent> context) => runs.Run("audit", context);
}

public sealed class BillingConsumer(Runs runs) : IConsumer<OrderPlaced>
{
    public Task Consume(ConsumeContext<OrderPlaced> context) => runs.Run("billing", context);
}

public sealed class MailingConsumer(Runs runs) : IConsumer<OrderPlaced>
{
    public Task Consume(ConsumeContext<OrderPlaced> context) => runs.Run("mailing", context);
}

public sealed class TwofoldConsumer(Runs runs) : IConsumer<OrderPlaced>, IConsumer<IOrderEvent>
{
    public Task Consume(ConsumeContext<OrderPlaced> context) => runs.Run("placed", context);

    public Task Consume(ConsumeContext<IOrderEvent> context) => runs.Run("event", context);
}

public sealed class CountingConsumer(Runs runs) : IConsumer<Batch<OrderPlaced>>
{
    public async Task Consume(ConsumeContext<Batch<OrderPlaced>> context)
    {
        foreach (var _ in context.Message)
        {
            await runs.Run("counting", context);
        }
    }
}
