using Confluent.Kafka;
using Outbox.Embedded.Kafka;
using Outbox.Kafka.Tests.Fixture;

namespace Outbox.Kafka.Tests.Inbox;

public sealed class OffsetTests
{
    [Fact]
    public async Task The_committed_offset_never_passes_an_unfinished_message()
    {
        await using var shop = new Shop(partitions: 1);
        var slow = new TaskCompletionSource();
        shop.Probe.OnPlaced = consumption => consumption.Message.OrderId == "o3" ? slow.Task : Task.CompletedTask;
        for (var i = 0; i < 20; i++)
        {
            await shop.Produce($"o{i}", new OrderPlaced($"o{i}", i));
        }

        await shop.Start();
        await shop.Signal.Until(() => shop.Store.Processed == 19, "all but the slow one were processed");
        await Signal.Eventually(() => shop.Committed() == 3, "what is before the slow one was committed");
        shop.Cluster.TrackRequests();
        await Signal.Eventually(() => shop.Cluster.Requests.Any(x => x.Request == KafkaRequest.Fetch), "the consumer goes on");
        Assert.Equal(3, shop.Committed());

        slow.SetResult();
        await Signal.Eventually(() => shop.Committed() == 20, "all was committed");
    }

    [Fact]
    public async Task G6_a_message_whose_offset_was_not_committed_is_delivered_again_and_has_no_second_effect()
    {
        await using var shop = new Shop(partitions: 1);
        for (var i = 0; i < 10; i++)
        {
            await shop.Produce($"o{i}", new OrderPlaced($"o{i}", i));
        }

        var first = await shop.Start(e => e.CheckpointInterval = TimeSpan.FromHours(1));
        await shop.Signal.Until(() => shop.Store.Processed == 10, "the first instance processed all");
        shop.Cluster.Fail(KafkaRequest.OffsetCommit, [.. Enumerable.Repeat(ErrorCode.UnknownMemberId, 20)]);
        await first.StopAsync();
        shop.Cluster.StopFailing(KafkaRequest.OffsetCommit);
        Assert.Equal(0, shop.Committed());
        Assert.NotEmpty(shop.Logs.Of(355));

        await shop.Start();
        await shop.Signal.Until(() => shop.Store.Duplicates == 10, "the second instance acknowledged ten duplicates");
        await Signal.Eventually(() => shop.Committed() == 10, "the duplicates were committed");
        Assert.Equal(10, shop.Probe.Placed.Count);
    }

    [Fact]
    public async Task A_stop_waits_for_the_message_in_work_and_commits_it()
    {
        await using var shop = new Shop(partitions: 1);
        var slow = new TaskCompletionSource();
        shop.Probe.OnPlaced = _ => slow.Task;
        await shop.Produce("o", new OrderPlaced("o", 1));
        var host = await shop.Start();
        await shop.Signal.Until(() => shop.Probe.Placed.Count == 1, "the message is in work");

        var stop = host.StopAsync();
        Assert.NotSame(stop, await Task.WhenAny(stop, Task.Delay(200)));
        slow.SetResult();
        await stop.WaitAsync(Signal.Patience);

        Assert.Equal(1, shop.Committed());
        Assert.Equal(1, shop.Store.Processed);
    }

    [Fact]
    public async Task A_message_that_does_not_end_is_cancelled_when_its_endpoint_stops_and_is_not_committed()
    {
        await using var shop = new Shop(partitions: 1);
        var cancelled = new TaskCompletionSource();
        shop.Probe.OnPlaced = async consumption =>
        {
            try
            {
                await Task.Delay(Timeout.Infinite, consumption.Context.CancellationToken);
            }
            finally
            {
                cancelled.SetResult();
            }
        };
        await shop.Produce("o", new OrderPlaced("o", 1));
        var host = await shop.Start(e => e.RevokeTimeout = TimeSpan.FromMilliseconds(200));
        await shop.Signal.Until(() => shop.Probe.Placed.Count == 1, "the message is in work");

        await host.StopAsync();

        await cancelled.Task.WaitAsync(Signal.Patience);
        Assert.Equal(0, shop.Committed());
        Assert.Empty(shop.Store.Parked);
    }

    [Fact]
    public async Task G9_no_more_messages_wait_in_memory_than_PrefetchCount_says()
    {
        await using var shop = new Shop(partitions: 1);
        var gate = new TaskCompletionSource();
        shop.Probe.OnPlaced = _ => gate.Task;
        for (var i = 0; i < 200; i++)
        {
            await shop.Produce($"o{i}", new OrderPlaced($"o{i}", i));
        }

        await shop.Start(e =>
        {
            e.PrefetchCount = 10;
            e.ConcurrentMessageLimit = 50;
        });
        await shop.Signal.Until(() => shop.Probe.Placed.Count == 10, "as many messages as may wait are in work");
        await Task.Delay(300);
        Assert.Equal(10, shop.Probe.Placed.Count);

        gate.SetResult();
        await shop.Signal.Until(() => shop.Store.Processed == 200, "the rest followed");
    }
}
