namespace Outbox.Integration.Tests.Inbox.Sequencing;

/// <summary>
/// A kill behind each single database command: between record and commit, commit and offset, the attempt that found a message early and its place in the buffer, a commit and the next one's turn,
/// a waiting message's commit and its removal, parking and offset, a retry and its removal. Another instance ends with each effect once, in order, and nothing left.
/// </summary>
[Trait("Broker", "none")]
public sealed class CrashPointTests : IAsyncLifetime
{
    private readonly string _database = $"t{Guid.NewGuid():N}";
    private SequenceInstance _first = null!;
    private SequenceInstance _next = null!;

    public async ValueTask InitializeAsync() => (_first, _next) = (await SequenceInstance.StartAsync(_database), await SequenceInstance.StartAsync(_database));

    public async ValueTask DisposeAsync()
    {
        await _first.DisposeAsync();
        await _next.DisposeAsync();
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public Task G10_a_kill_behind_any_command_of_a_sequence_costs_nothing_and_repeats_nothing(bool offsetsCommitted) => EverywhereAsync(
        offsetsCommitted, [1, 3, 4, 2, 5], (instance, entity, version) => instance.ReceiveAsync(entity, version), failing: 0);

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public Task G10_a_kill_behind_any_command_while_a_failed_message_of_a_sequence_is_parked_and_retried_costs_nothing(bool offsetsCommitted) => EverywhereAsync(
        offsetsCommitted, [1, 2, 3, 4], (instance, entity, version) => instance.ReceiveAsync(entity, version), failing: 2);

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public Task G10_a_kill_behind_any_command_while_an_entity_is_held_and_released_costs_nothing(bool offsetsCommitted) => EverywhereAsync(
        offsetsCommitted, [1, 2, 3, 4], (instance, entity, version) => instance.ReceiveUnlessHeldAsync(entity, version), failing: 2);

    private async Task EverywhereAsync(bool offsetsCommitted, long[] partition, Func<SequenceInstance, string, long, Task> receive, long failing)
    {
        var killed = true;
        var points = 0;
        for (; killed; points++)
        {
            var (entity, offset) = ($"k{points}", 0);
            _first.Fail(entity, failing);
            killed = await Crash.AfterAsync(points, _next.Parked.Database, async () =>
            {
                foreach (var version in partition)
                {
                    await receive(_first, entity, version);
                    offset++;
                }

                _first.Fail(entity, failing, fails: false);
                await _first.RetryFailedAsync(entity);
                await _first.SweepAsync();
            });
            foreach (var version in partition[(offsetsCommitted ? offset : 0)..])
            {
                await receive(_next, entity, version);
            }

            await _next.RetryFailedAsync(entity);
            await _next.SweepAsync();
            Assert.True(partition.Order().SequenceEqual(await _next.HistoryAsync(entity)), $"killed behind command {points}: {string.Join(' ', await _next.HistoryAsync(entity))}");
            Assert.Empty(await _next.ReasonsAsync(entity));
        }

        Assert.InRange(points, 25, 200);
        Assert.Empty(await _next.ReadyAsync());
    }
}
