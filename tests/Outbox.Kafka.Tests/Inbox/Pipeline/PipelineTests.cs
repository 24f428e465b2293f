using System.Diagnostics;
using MassTransit;
using Microsoft.Extensions.DependencyInjection;
using Outbox.Kafka.Tests.Fixture;

namespace Outbox.Kafka.Tests.Inbox.Pipeline;

/// <summary>What MassTransit's users put on any endpoint works on a topic endpoint.</summary>
public sealed class PipelineTests
{
    [Fact]
    public async Task Filters_and_observers_see_each_message()
    {
        await using var shop = new Shop(partitions: 1);
        var seen = new Seen();
        var host = shop.BuildWith(
            x =>
            {
                x.AddSingleton(seen);
                x.AddConsumeObserver<SeeingObserver>();
            },
            (e, context) =>
            {
                e.UseConsumeFilter(typeof(SeeingFilter<>), context);
                e.ConfigureConsumer<PlacedConsumer>(context);
            });
        await shop.Produce("o1", new OrderPlaced("o1", 1));

        await host.StartAsync();
        await Signal.Eventually(() => shop.Committed() == 1, "it was acknowledged");

        Assert.Equal(["before OrderPlaced", "filter OrderPlaced", "after OrderPlaced"], seen.Lines);
    }

    [Fact]
    public async Task A_consumer_definition_configures_its_endpoint()
    {
        await using var shop = new Shop(partitions: 1);
        var host = shop.BuildWith(
            x => x.AddConsumer<DefinedConsumer, DefinedConsumerDefinition>(),
            (e, context) => e.ConfigureConsumer<DefinedConsumer>(context));
        await shop.Produce("o1", new OrderCancelled("o1"));

        await host.StartAsync();
        await shop.Signal.Until(() => shop.Store.Parked.Count == 1, "it was parked");

        Assert.Equal(3, shop.Probe.Cancelled.Count);
        Assert.Equal(3, shop.Store.Parked[0].Attempts);
    }

    [Fact]
    public async Task A_rate_limit_holds_messages_back()
    {
        await using var shop = new Shop(partitions: 1);
        var first = 0L;
        shop.Probe.OnPlaced = _ =>
        {
            Interlocked.CompareExchange(ref first, Stopwatch.GetTimestamp(), 0);
            return Task.CompletedTask;
        };
        await ProduceAsync(shop, 12);

        await shop.Start(e => e.UseRateLimit(3, TimeSpan.FromSeconds(1)));
        await shop.Signal.Until(() => shop.Store.Processed == 12, "all were processed");

        // The first second may be over just after the first message.
        Assert.True(Stopwatch.GetElapsedTime(first) > TimeSpan.FromSeconds(1.5), "Twelve messages at three a second take two seconds after the first.");
    }

    [Fact]
    public async Task A_concurrency_limit_holds_messages_back()
    {
        await using var shop = new Shop(partitions: 1);
        var (running, most) = (0, 0);
        shop.Probe.OnPlaced = async _ =>
        {
            most = Math.Max(most, Interlocked.Increment(ref running));
            await Task.Delay(5);
            Interlocked.Decrement(ref running);
        };
        await ProduceAsync(shop, 20);

        await shop.Start(e => e.UseConcurrencyLimit(1));
        await shop.Signal.Until(() => shop.Store.Processed == 20, "all were processed");

        Assert.Equal(1, most);
    }

    private static async Task ProduceAsync(Shop shop, int orders)
    {
        for (var i = 0; i < orders; i++)
        {
            await shop.Produce($"o{i}", new OrderPlaced($"o{i}", i));
        }
    }
}
