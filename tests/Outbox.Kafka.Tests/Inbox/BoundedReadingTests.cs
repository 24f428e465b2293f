using MassTransit;
using Outbox.Kafka.Tests.Fixture;

namespace Outbox.Kafka.Tests.Inbox;

public sealed class BoundedReadingTests
{
    [Fact]
    public async Task G9_behind_a_message_that_does_not_end_its_partition_is_read_so_far_and_no_further()
    {
        await using var shop = new Shop(partitions: 1);
        var stuck = new TaskCompletionSource();
        shop.Probe.OnPlaced = consumption => consumption.Message.OrderId == "o0" ? stuck.Task : Task.CompletedTask;
        for (var i = 0; i < 200; i++)
        {
            await shop.Produce($"o{i}", new OrderPlaced($"o{i}", i));
        }

        var host = await shop.Start(e =>
        {
            e.PrefetchCount = 10;
            e.UncommittedMessageLimit = 50;
        });
        await Signal.Eventually(() => Shop.Health(host).Status == BusHealthStatus.Unhealthy, "the endpoint says that it is held back");

        Assert.Contains("@0 has not come to its end", Shop.Health(host).Exception!.Message, StringComparison.Ordinal);
        await shop.Signal.Until(() => shop.Store.Processed == 49, "what may be read was processed");
        Assert.Equal(0, shop.Committed());
        Assert.Equal(50, shop.Probe.Placed.Count);

        stuck.SetResult();
        await shop.Signal.Until(() => shop.Store.Processed == 200, "the rest followed");
        await Signal.Eventually(() => Shop.Health(host).Status == BusHealthStatus.Healthy && shop.Committed() == 200, "the endpoint is healthy, and all is committed");
        Assert.Equal(200, shop.Probe.Placed.Count);
    }

    [Fact]
    public async Task G9_no_more_bytes_wait_in_memory_than_PrefetchByteLimit_says()
    {
        await using var shop = new Shop(partitions: 1);
        var gate = new TaskCompletionSource();
        shop.Probe.OnPlaced = _ => gate.Task;
        for (var i = 0; i < 20; i++)
        {
            await shop.Produce($"o{i}", new OrderPlaced($"o{i}" + new string('x', 10_000), i));
        }

        await shop.Start(e => e.PrefetchByteLimit = 50_000);
        await shop.Signal.Until(() => shop.Probe.Placed.Count >= 3, "messages are in work");
        await Signal.Eventually(() => shop.Logs.Of(358).Any(), "reading has paused");
        Assert.InRange(shop.Probe.Placed.Count, 3, 5);

        gate.SetResult();
        await shop.Signal.Until(() => shop.Store.Processed == 20, "the rest followed");
    }
}
