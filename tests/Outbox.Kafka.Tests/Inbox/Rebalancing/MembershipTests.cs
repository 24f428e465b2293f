using MassTransit;
using Microsoft.Extensions.Hosting;
using Outbox.Kafka.Tests.Fixture;

namespace Outbox.Kafka.Tests.Inbox.Rebalancing;

public sealed class MembershipTests
{
    private const int Orders = 20;
    private const int Numbers = 60;

    [Theory]
    [InlineData("cooperative-sticky")]
    [InlineData("range")]
    public async Task G6_three_instances_that_come_and_go_lose_nothing_and_keep_each_keys_order(string strategy)
    {
        await using var shop = new Shop(partitions: 6);
        shop.Probe.OnPlaced = async consumption =>
        {
            await Task.Delay(2);
            await Effects.Apply(consumption);
        };
        var produced = Task.Run(() => ProduceAsync(shop));

        var first = await StartAsync(shop, strategy);
        await shop.Signal.Until(() => shop.Store.Processed > 100, "one works");
        var second = await StartAsync(shop, strategy);
        var third = await StartAsync(shop, strategy);
        await shop.Signal.Until(() => shop.Store.Processed > 300, "three work");
        await first.StopAsync();
        await shop.Signal.Until(() => shop.Store.Processed > 600, "two work");
        await Task.WhenAll(third.StopAsync(), StartAsync(shop, strategy));
        await produced;
        await shop.Signal.Until(() => shop.Store.Processed == Orders * Numbers, "all messages were processed");

        Effects.AreComplete(shop, Orders, Numbers);
        await Signal.Eventually(() => shop.Committed() == Orders * Numbers, "all offsets were committed");
        Assert.Equal(BusHealthStatus.Healthy, Shop.Health(second).Status);
    }

    [Fact]
    public async Task An_instance_that_joins_gets_a_partition_when_the_message_in_work_there_is_done()
    {
        await using var shop = new Shop(partitions: 2);
        var gate = new TaskCompletionSource();
        shop.Probe.OnPlaced = async consumption =>
        {
            await gate.Task;
            await Effects.Apply(consumption);
        };
        await ProduceAsync(shop, numbers: 2);
        await StartAsync(shop, "cooperative-sticky", e => e.ConcurrentMessageLimit = Orders);
        await shop.Signal.Until(() => shop.Probe.Placed.Count == Orders, "the first message of each order is in work");

        var second = await StartAsync(shop, "cooperative-sticky");
        await Signal.Eventually(() => shop.Logs.Of(357).Any(), "the first instance is asked for a partition");
        Assert.Equal(0, shop.Store.Processed);
        Assert.Equal(Orders, shop.Probe.Placed.Count);
        gate.SetResult();
        await shop.Signal.Until(() => shop.Store.Processed == Orders * 2, "all were processed");

        Effects.AreComplete(shop, Orders, 2);
        Assert.Equal(Orders * 2, shop.Probe.Placed.Count);
        Assert.Empty(shop.Logs.Of(356));
        // The embedded cluster, unlike Kafka, refuses commits while an instance joins.
        Assert.True(shop.Store.Duplicates == 0 || shop.Logs.Of(355).Any(), $"{shop.Store.Duplicates} messages came again though their offsets were committed");
        await second.StopAsync();
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task G6_a_message_that_does_not_end_is_abandoned_with_its_partition_and_takes_effect_once(bool obeys)
    {
        await using var shop = new Shop(partitions: 2);
        var gate = new TaskCompletionSource();
        var runs = 0;
        shop.Probe.OnPlaced = async consumption =>
        {
            if (Interlocked.Increment(ref runs) <= Orders)
            {
                await gate.Task.WaitAsync(obeys ? consumption.Context.CancellationToken : CancellationToken.None);
            }

            await Effects.Apply(consumption);
        };
        await ProduceAsync(shop, numbers: 2);
        await StartAsync(shop, "cooperative-sticky", e =>
        {
            e.ConcurrentMessageLimit = Orders;
            e.RevokeTimeout = TimeSpan.FromMilliseconds(200);
        });
        await shop.Signal.Until(() => shop.Probe.Placed.Count == Orders, "the first message of each order is in work");

        await StartAsync(shop, "cooperative-sticky");
        await shop.Signal.Until(() => shop.Probe.Placed.Count > Orders, "the second instance has taken a partition over");
        gate.SetResult();
        await shop.Signal.Until(() => shop.Store.Processed == Orders * 2, "all were processed");

        Assert.NotEmpty(shop.Logs.Of(356));
        Effects.AreComplete(shop, Orders, 2);
        await Signal.Eventually(() => shop.Committed() == Orders * 2, "all offsets were committed");
    }

    private static Task<IHost> StartAsync(Shop shop, string strategy, Action<ITopicEndpointConfigurator>? endpoint = null) =>
        shop.Start(endpoint, o => o.UseKafka(k => k.ConsumerSettings["partition.assignment.strategy"] = strategy));

    private static async Task ProduceAsync(Shop shop, int numbers = Numbers)
    {
        for (var number = 0; number < numbers; number++)
        {
            await Task.WhenAll(Enumerable.Range(0, Orders).Select(order => shop.Produce($"o{order}", new OrderPlaced($"o{order}", number))));
        }
    }
}
