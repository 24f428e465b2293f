using CsCheck;
using Outbox.Inbox.Sequencing;

namespace Outbox.Integration.Tests.Inbox.Sequencing;

/// <summary>A queue behind a failed message that messages join while it is released, command by command.</summary>
[Trait("Broker", "none")]
public sealed class HeldQueueTests : IAsyncLifetime
{
    private readonly string _database = $"t{Guid.NewGuid():N}";
    private SequenceInstance _instance = null!;

    public async ValueTask InitializeAsync() => _instance = await SequenceInstance.StartAsync(_database);

    public ValueTask DisposeAsync() => _instance.DisposeAsync();

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    public async Task A_message_that_joins_the_queue_while_it_is_released_is_run(int alreadyQueued)
    {
        await _instance.ParkAsync("a", 1, hold: true);
        for (var version = 2; version <= alreadyQueued; version++)
        {
            Assert.Equal(WaitOutcome.Waiting, await _instance.QueueAsync("a", version));
        }

        await Interleaving.RunAsync(
            Interleaving.HoldFirstAt("commitTransaction"),
            () => _instance.ReceiveUnlessHeldAsync("a", alreadyQueued + 1),
            () => _instance.RetryHoldingAsync("a", 1));
        await _instance.SweepAsync();

        Assert.Equal(Enumerable.Range(1, alreadyQueued + 1).Select(version => (long)version), await _instance.HistoryAsync("a"));
    }

    [Fact]
    public async Task The_failed_message_that_is_delivered_again_stays_what_it_is()
    {
        await _instance.ParkAsync("f", 1, hold: true);
        await _instance.ReceiveUnlessHeldAsync("f", 1);
        await _instance.ReceiveUnlessHeldAsync("f", 2);
        await _instance.ReceiveUnlessHeldAsync("f", 2);

        Assert.Equal(["1 failed", "2 held"], await _instance.ReasonsAsync("f"));
    }

    [Fact]
    public async Task G10_a_kill_after_the_failed_message_was_released_leaves_its_queue_to_others()
    {
        await _instance.ParkAsync("k", 1, hold: true);
        await _instance.ReceiveUnlessHeldAsync("k", 2);
        await _instance.Held.ReleaseAsync(SequenceInstance.Of("k"), SequenceInstance.Message("k", 1), CancellationToken.None);
        await using var other = await SequenceInstance.StartAsync(_database);
        await other.ReceiveUnlessHeldAsync("k", 3);
        Assert.Empty(await other.HistoryAsync("k"));
        await other.SweepAsync();

        Assert.Equal([2, 3], await other.HistoryAsync("k"));
        Assert.Empty(await other.ReasonsAsync("k"));
        Assert.Empty(await other.ReadyAsync());
    }

    [Fact]
    public async Task Whatever_the_order_of_their_commands_a_queue_is_run_once_and_in_order()
    {
        var run = 0;
        await Gen.Int.SampleAsync(
            async seed =>
            {
                var entity = $"e{run++}";
                await _instance.ParkAsync(entity, 1, hold: true);
                await _instance.ReceiveUnlessHeldAsync(entity, 2);
                await Interleaving.RunAsync(
                    Interleaving.Random(seed),
                    async () =>
                    {
                        for (var version = 3L; version <= 5; version++)
                        {
                            await _instance.ReceiveUnlessHeldAsync(entity, version);
                        }
                    },
                    () => _instance.RetryHoldingAsync(entity, 1),
                    () => _instance.SweepAsync());
                await _instance.SweepAsync();

                Assert.Equal([1, 2, 3, 4, 5], await _instance.HistoryAsync(entity));
                Assert.Empty(await _instance.ReasonsAsync(entity));
            },
            iter: 40,
            threads: 1);
    }
}
