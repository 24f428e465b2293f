using CsCheck;
using Outbox.Inbox.Sequencing;

namespace Outbox.Integration.Tests.Inbox.Sequencing;

/// <summary>Steps of one sequence on several instances at one moment, command by command: whoever begins to wait is never forgotten.</summary>
[Trait("Broker", "none")]
public sealed class LostWakeUpTests : IAsyncLifetime
{
    private readonly string _database = $"t{Guid.NewGuid():N}";
    private SequenceInstance _instance = null!;

    public async ValueTask InitializeAsync() => _instance = await SequenceInstance.StartAsync(_database);

    public ValueTask DisposeAsync() => _instance.DisposeAsync();

    [Fact]
    public async Task A_message_that_begins_to_wait_while_its_predecessor_is_processed_is_run()
    {
        await _instance.ReceiveAsync("a", 1);
        await _instance.ReceiveAsync("a", 4);
        await Interleaving.RunAsync(
            Interleaving.HoldFirstAt("commitTransaction"),
            () => _instance.WaitAsync("a", 3),
            () => _instance.ReceiveAsync("a", 2));
        await _instance.SweepAsync();

        Assert.Equal([1, 2, 3, 4], await _instance.HistoryAsync("a"));
    }

    [Fact]
    public async Task A_message_that_begins_to_wait_while_the_last_waiting_one_leaves_is_run()
    {
        await _instance.ReceiveAsync("a", 2);
        await _instance.ProcessAsync("a", 1);
        await _instance.ProcessAsync("a", 2);
        await _instance.Buffer.RemoveAsync(SequenceInstance.Message("a", 2), CancellationToken.None);
        await Interleaving.RunAsync(
            Interleaving.HoldFirstAt("commitTransaction"),
            () => _instance.WaitAsync("a", 4),
            () => _instance.FollowAsync("a"));
        await _instance.ReceiveAsync("a", 3);

        Assert.Equal([1, 2, 3, 4], await _instance.HistoryAsync("a"));
    }

    [Fact]
    public async Task A_message_that_begins_to_wait_while_its_predecessor_is_discarded_is_run()
    {
        _instance.Fail("a", 2);
        await _instance.ReceiveAsync("a", 1);
        await _instance.ReceiveAsync("a", 4);
        await _instance.ReceiveAsync("a", 2);
        await Interleaving.RunAsync(
            Interleaving.HoldFirstAt("commitTransaction"),
            () => _instance.WaitAsync("a", 3),
            async () =>
            {
                await _instance.DiscardAsync("a", 2);
                await _instance.SweepAsync();
            });
        await _instance.SweepAsync();

        Assert.Equal([1, 3, 4], await _instance.HistoryAsync("a"));
    }

    [Fact]
    public async Task A_message_that_begins_to_wait_while_the_gap_before_it_is_given_up_is_run()
    {
        await _instance.ReceiveAsync("a", 5);
        await Interleaving.RunAsync(
            Interleaving.HoldFirstAt("commitTransaction"),
            () => _instance.WaitAsync("a", 3),
            async () =>
            {
                await _instance.Buffer.GiveUpAsync(SequenceInstance.Of("a"), GapPolicy.Apply, null, CancellationToken.None);
                await _instance.SweepAsync();
            });
        await _instance.SweepAsync();

        // Whichever was first: nothing is left behind, and the order is kept.
        Assert.Equal(0, await _instance.WaitingAsync("a", upTo: 4));
        Assert.Equal(await _instance.HistoryAsync("a"), (await _instance.HistoryAsync("a")).Order());
    }

    [Fact]
    public async Task Whatever_the_order_of_their_commands_instances_apply_each_version_once_and_in_order()
    {
        var versions = new long[] { 1, 2, 3, 4, 5 };
        var run = 0;
        var works = from shares in Gen.Shuffle(versions).Array[3] from seed in Gen.Int select (shares, seed);
        await works.SampleAsync(
            async work =>
            {
                var entity = $"e{run++}";
                var shares = work.shares.Select(order => order[..3]).ToList();
                await Interleaving.RunAsync(Interleaving.Random(work.seed), shares.ConvertAll(share => Actor(entity, share)));
                await Actor(entity, [.. versions.Except(shares.SelectMany(share => share))])();
                await _instance.SweepAsync();

                Assert.Equal(versions, await _instance.HistoryAsync(entity));
                Assert.Equal(0, await _instance.WaitingAsync(entity));
            },
            iter: 40,
            threads: 1);
    }

    private Func<Task> Actor(string entity, long[] share) => async () =>
    {
        foreach (var version in share)
        {
            await _instance.ReceiveAsync(entity, version);
        }
    };
}
