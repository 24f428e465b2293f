using System.Collections.Concurrent;
using MassTransit;
using Microsoft.Extensions.DependencyInjection;
using Outbox.Kafka.Formats;
using Outbox.Kafka.Tests.Fixture;

namespace Outbox.Kafka.Tests.Inbox.Features;

/// <summary><c>Fault&lt;T&gt;</c> where it is registered, <c>t.Fault&lt;T&gt;()</c>.</summary>
public sealed class FaultTests
{
    [Fact]
    public async Task A_message_that_is_parked_has_a_fault_that_a_consumer_can_read()
    {
        await using var shop = new Shop(partitions: 1);
        shop.Cluster.CreateTopic("faults", 1);
        var seen = new SeenFaults(shop.Signal);
        shop.Probe.OnPlaced = _ => throw new InvalidOperationException("no such address");
        var host = shop.BuildWith(
            (k, context) =>
            {
                k.TopicEndpoint("orders", Shop.Group, e =>
                {
                    e.UseMessageRetry(r => r.Immediate(1));
                    e.ConfigureConsumer<PlacedConsumer>(context);
                });
                k.TopicEndpoint("faults", Shop.Group, e => e.ConfigureConsumer<FaultConsumer>(context));
            },
            o => o.Topic("faults", t => t.Fault<OrderPlaced>()),
            x =>
            {
                x.AddSingleton(seen);
                x.AddConsumer<FaultConsumer>();
            });
        var id = Guid.CreateVersion7();
        await shop.Produce("o1", new OrderPlaced("o1", 7), messageId: id.ToString());
        await host.StartAsync();
        await shop.Signal.Until(() => shop.Store.Parked.Count == 1, "it was parked");

        var fault = Assert.Single(shop.Store.Outbox);
        Assert.Equal(("faults", "order-placed-fault", "o1"), (fault.Topic, fault.Type, fault.PartitionKey));

        await shop.Produce(WireFormats.Write(fault), "faults");
        await shop.Signal.Until(() => !seen.All.IsEmpty, "its fault was consumed");
        var read = Assert.Single(seen.All);
        Assert.Equal((id, 7, "no such address"), (read.FaultedMessageId, read.Message.Number, read.Exceptions.Single().Message));
        Assert.Single(shop.Store.Parked);
    }

    [Fact]
    public async Task Without_registration_there_is_none()
    {
        await using var shop = new Shop(partitions: 1);
        shop.Probe.OnPlaced = _ => throw new InvalidOperationException("no such address");
        await shop.Produce("o1", new OrderPlaced("o1", 7));
        await shop.Start();
        await shop.Signal.Until(() => shop.Store.Parked.Count == 1, "it was parked");

        Assert.Empty(shop.Store.Outbox);
    }
}

public sealed class SeenFaults(Signal signal)
{
    public ConcurrentQueue<Fault<OrderPlaced>> All { get; } = new();

    public void Add(Fault<OrderPlaced> fault)
    {
        All.Enqueue(fault);
        signal.Raise();
    }
}

public sealed class FaultConsumer(SeenFaults seen) : IConsumer<Fault<OrderPlaced>>
{
    public Task Consume(ConsumeContext<Fault<OrderPlaced>> context)
    {
        seen.Add(context.Message);
        return Task.CompletedTask;
    }
}
