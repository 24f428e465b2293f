using MassTransit;
using Outbox.Kafka.Tests.Fixture;

namespace Outbox.Kafka.Tests.Inbox;

public sealed class KillSwitchTests
{
    private const int Orders = 100;

    [Fact]
    public async Task When_too_many_messages_fail_the_endpoint_pauses_parks_no_more_and_goes_on_by_itself()
    {
        await using var shop = new Shop(partitions: 2);
        var broken = true;
        shop.Probe.OnPlaced = _ => Volatile.Read(ref broken) ? throw new InvalidOperationException("the carrier does not answer") : Task.CompletedTask;
        await ProduceAsync(shop);

        var host = await shop.Start(e =>
        {
            e.ConcurrentMessageLimit = 4;
            e.UseMessageRetry(r => r.Immediate(1));
            e.UseKillSwitch(k => k.SetActivationThreshold(10).SetTripThreshold(50).SetRestartTimeout(TimeSpan.FromSeconds(10)));
        });
        await shop.Signal.Until(() => shop.Logs.Of(330).Any(), "the switch trips");
        await Signal.Eventually(() => Shop.Health(host).Status == BusHealthStatus.Unhealthy, "the endpoint is unhealthy");
        var health = Shop.Health(host).Exception!.Message;
        Assert.Contains("kill switch", health, StringComparison.Ordinal);
        Assert.Contains("the carrier does not answer", health, StringComparison.Ordinal);
        await shop.Signal.Until(() => shop.Store.Parked.Count == 10, "those that failed before are parked");

        Volatile.Write(ref broken, false);
        await shop.Signal.Until(() => shop.Store.Processed == Orders - 10, "the others were processed");

        Assert.Equal(10, shop.Store.Parked.Count);
        Assert.NotEmpty(shop.Logs.Of(331));
        await Signal.Eventually(() => Shop.Health(host).Status == BusHealthStatus.Healthy, "the endpoint is healthy");
        await Signal.Eventually(() => shop.Committed() == Orders, "all was acknowledged");
    }

    [Fact]
    public async Task While_it_still_fails_after_the_restart_the_endpoint_pauses_again()
    {
        await using var shop = new Shop(partitions: 1);
        shop.Probe.OnPlaced = _ => throw new InvalidOperationException("the carrier does not answer");
        await ProduceAsync(shop);

        await shop.Start(e =>
        {
            e.ConcurrentMessageLimit = 1;
            e.UseKillSwitch(k => k.SetActivationThreshold(2).SetTripThreshold(50).SetRestartTimeout(TimeSpan.FromSeconds(1)));
        });
        await shop.Signal.Until(() => shop.Logs.Of(330).Count() >= 3, "it has tripped three times");

        // Two messages may fail each time before it trips; the one that trips it is not parked.
        // It goes on meanwhile.
        Assert.Equal(["o0", "o1", "o2", "o3", "o4", "o5"], shop.Store.Parked.Take(6).Select(x => x.EntityId));
        Assert.Equal(["o0", "o1", "o2", "o2", "o3", "o4", "o4", "o5", "o6"], shop.Probe.Placed.Take(9).Select(x => x.OrderId));
    }

    [Fact]
    public async Task Failures_that_are_few_or_filtered_do_not_trip_it()
    {
        await using var shop = new Shop(partitions: 1);
        shop.Probe.OnPlaced = consumption => consumption.Message.Number % 4 == 0
            ? throw new InvalidOperationException("few")
            : consumption.Message.Number % 2 == 0 ? throw new ArgumentException("filtered") : Task.CompletedTask;
        await ProduceAsync(shop);

        await shop.Start(e =>
        {
            e.ConcurrentMessageLimit = 1;
            e.UseKillSwitch(k => k.SetActivationThreshold(4).SetTripThreshold(50).SetExceptionFilter(x => x.Ignore<ArgumentException>()));
        });
        await Signal.Eventually(() => shop.Committed() == Orders, "all was acknowledged");

        Assert.Equal(Orders / 2, shop.Store.Parked.Count);
        Assert.Empty(shop.Logs.Of(330));
    }

    [Fact]
    public async Task While_MassTransits_own_circuit_breaker_is_open_what_comes_is_parked_without_having_run()
    {
        await using var shop = new Shop(partitions: 1);
        shop.Probe.OnPlaced = _ => throw new InvalidOperationException("the carrier does not answer");
        await ProduceAsync(shop);

        await shop.Start(e =>
        {
            e.ConcurrentMessageLimit = 1;
            e.UseCircuitBreaker(c =>
            {
                c.ActiveThreshold = 2;
                c.TripThreshold = 1;
                c.ResetInterval = TimeSpan.FromHours(1);
            });
        });
        await Signal.Eventually(() => shop.Committed() == Orders, "all was acknowledged");

        Assert.Equal(Orders, shop.Store.Parked.Count);
        Assert.InRange(shop.Probe.Placed.Count, 2, 10);
    }

    [Fact]
    public async Task A_stop_does_not_wait_for_the_restart()
    {
        await using var shop = new Shop(partitions: 1);
        shop.Probe.OnPlaced = _ => throw new InvalidOperationException("the carrier does not answer");
        await ProduceAsync(shop);
        var host = await shop.Start(e =>
        {
            e.ConcurrentMessageLimit = 1;
            e.UseKillSwitch(k => k.SetActivationThreshold(1).SetTripThreshold(1).SetRestartTimeout(TimeSpan.FromHours(1)));
        });
        await shop.Signal.Until(() => shop.Logs.Of(330).Any(), "the switch trips");

        await host.StopAsync().WaitAsync(TimeSpan.FromMinutes(1));

        Assert.Empty(shop.Logs.Of(356));
        Assert.Single(shop.Store.Parked);
        Assert.Equal(1, shop.Committed());
    }

    [Fact]
    public async Task Options_out_of_range_stop_the_start()
    {
        await using var shop = new Shop();

        Assert.Contains("RestartTimeout", await shop.Refuses(shop.Build(e => e.UseKillSwitch(k => k.SetRestartTimeout(TimeSpan.Zero)))), StringComparison.Ordinal);
    }

    private static async Task ProduceAsync(Shop shop)
    {
        for (var i = 0; i < Orders; i++)
        {
            await shop.Produce($"o{i}", new OrderPlaced($"o{i}", i));
        }
    }
}
