using MassTransit;
using Outbox.Kafka.Tests.Fixture;

namespace Outbox.Kafka.Tests.Inbox.Rebalancing;

public sealed class SlowConsumerTests
{
    [Fact]
    public async Task G10_a_consumer_that_is_slower_than_max_poll_interval_keeps_its_partitions()
    {
        await using var shop = new Shop(partitions: 2);
        shop.Probe.OnPlaced = async consumption =>
        {
            if (consumption.Message.Number == 0)
            {
                // Twice the interval in which the group wants to hear of its member.
                await Task.Delay(TimeSpan.FromSeconds(13), consumption.Context.CancellationToken);
            }

            await Effects.Apply(consumption);
        };
        for (var number = 0; number < 20; number++)
        {
            await Task.WhenAll(Enumerable.Range(0, 4).Select(order => shop.Produce($"o{order}", new OrderPlaced($"o{order}", number))));
        }

        await shop.Start(
            e =>
            {
                e.PrefetchCount = 4;
                e.RevokeTimeout = TimeSpan.FromSeconds(1);
            },
            o => o.UseKafka(k => k.ConsumerSettings["max.poll.interval.ms"] = "6000"));
        await shop.Signal.Until(() => shop.Store.Processed == 80, "all were processed");

        Effects.AreComplete(shop, 4, 20);
        Assert.Equal(80, shop.Probe.Placed.Count);
        Assert.Equal(0, shop.Store.Duplicates);
    }

    [Fact]
    public async Task A_revoke_timeout_that_max_poll_interval_does_not_allow_stops_the_start()
    {
        await using var shop = new Shop();
        var host = shop.Build(e => e.RevokeTimeout = TimeSpan.FromSeconds(10), o => o.UseKafka(k => k.ConsumerSettings["max.poll.interval.ms"] = "10500"));

        var error = await shop.Refuses(host);

        Assert.Contains("RevokeTimeout", error, StringComparison.Ordinal);
        Assert.Contains("max.poll.interval.ms (10500)", error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Partitions_that_were_paused_when_they_were_taken_and_given_back_are_read_again()
    {
        await using var shop = new Shop(partitions: 4);
        var gate = new TaskCompletionSource();
        shop.Probe.OnPlaced = async consumption =>
        {
            await gate.Task.WaitAsync(consumption.Context.CancellationToken);
            await Effects.Apply(consumption);
        };
        for (var number = 0; number < 30; number++)
        {
            await Task.WhenAll(Enumerable.Range(0, 10).Select(order => shop.Produce($"o{order}", new OrderPlaced($"o{order}", number))));
        }

        await shop.Start(Small);
        await shop.Signal.Until(() => shop.Logs.Of(358).Any(), "the first instance has paused");
        var second = await shop.Start(Small);
        await shop.Signal.Until(() => shop.Logs.Of(358).Count() > 1, "the second has partitions, and has paused too");
        await second.StopAsync();
        gate.SetResult();
        await shop.Signal.Until(() => shop.Store.Processed == 300, "the first instance has read them all");

        Effects.AreComplete(shop, 10, 30);

        static void Small(ITopicEndpointConfigurator e)
        {
            e.PrefetchCount = 8;
            e.ConcurrentMessageLimit = 8;
            e.RevokeTimeout = TimeSpan.FromMilliseconds(100);
        }
    }
}
