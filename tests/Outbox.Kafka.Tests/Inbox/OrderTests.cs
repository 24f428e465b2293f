using System.Collections.Concurrent;
using Outbox.Kafka.Tests.Fixture;

namespace Outbox.Kafka.Tests.Inbox;

public sealed class OrderTests
{
    [Fact]
    public async Task G4_messages_of_a_key_are_processed_in_order_and_keys_in_parallel()
    {
        await using var shop = new Shop();
        var running = 0;
        var most = 0;
        var sameKey = new ConcurrentDictionary<string, int>();
        shop.Probe.OnPlaced = async consumption =>
        {
            Assert.Equal(1, sameKey.AddOrUpdate(consumption.Message.OrderId, 1, (_, x) => x + 1));
            InterlockedMax(ref most, Interlocked.Increment(ref running));
            await Task.Delay(1);
            Interlocked.Decrement(ref running);
            sameKey[consumption.Message.OrderId] = 0;
        };
        for (var number = 0; number < 100; number++)
        {
            await Task.WhenAll(Enumerable.Range(0, 5).Select(order => shop.Produce($"o{order}", new OrderPlaced($"o{order}", number))));
        }

        await shop.Start(e => e.ConcurrentMessageLimit = 16);
        await shop.Signal.Until(() => shop.Store.Processed + shop.Store.Parked.Count == 500, "500 messages were done");

        Assert.Empty(shop.Store.Parked);
        Assert.All(shop.Probe.Placed.GroupBy(x => x.OrderId), order => Assert.Equal(Enumerable.Range(0, 100), order.Select(x => x.Number)));
        Assert.InRange(most, 2, 5);
    }

    [Fact]
    public async Task G6_two_instances_share_the_work_and_each_message_takes_effect_once_and_in_order()
    {
        await using var shop = new Shop();
        shop.Probe.OnPlaced = _ => Task.Delay(2);
        var produced = Task.Run(async () =>
        {
            for (var number = 0; number < 40; number++)
            {
                await Task.WhenAll(Enumerable.Range(0, 25).Select(order => shop.Produce($"o{order}", new OrderPlaced($"o{order}", number))));
            }
        });

        await shop.Start();
        await shop.Signal.Until(() => shop.Store.Processed > 20, "the first instance works");
        var second = await shop.Start();
        await shop.Signal.Until(() => shop.Store.Processed > 400, "both work");
        await second.StopAsync();
        await produced;
        await shop.Signal.Until(() => shop.Store.Processed == 1000, "all messages were processed");

        Assert.Empty(shop.Store.Parked);
        Assert.All(
            shop.Probe.Placed.GroupBy(x => x.OrderId),
            order => Assert.Equal(Enumerable.Range(0, 40), order.Select(x => x.Number).Distinct()));
    }

    private static void InterlockedMax(ref int target, int value)
    {
        int seen;
        while ((seen = Volatile.Read(ref target)) < value)
        {
            Interlocked.CompareExchange(ref target, value, seen);
        }
    }
}
