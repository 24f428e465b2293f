using Microsoft.Extensions.Logging;
using Outbox.History.Loading;
using Outbox.History.Registration;
using Outbox.History.Storing;

namespace Outbox.History.Keeping;

/// <summary>Stores states, so that loading need not begin at the first event. A snapshot that cannot be stored costs time and nothing else.</summary>
internal sealed class Snapshots(IHistoryStore store, HistoryServices services, ILogger<Snapshots> logger)
{
    /// <summary>Stores what a transaction has made due, when it has committed. Errors are logged: the transaction is done.</summary>
    public async Task TakeDueAsync(IReadOnlyList<(StateRegistration State, string Id)> due, CancellationToken cancellationToken)
    {
        foreach (var (state, id) in due.Distinct())
        {
            try
            {
                await TakeAsync(state, id, replaces: false, cancellationToken).ConfigureAwait(false);
            }
            catch (Exception error)
            {
                logger.SnapshotFailed(error, state.EntityType, id);
            }
        }
    }

    /// <summary>Stores the states of entities whose snapshots are too old.</summary>
    /// <returns>How many.</returns>
    public async Task<long> TakeAllAsync(StateRegistration state, int olderThan, CancellationToken cancellationToken)
    {
        if (state.Snapshots is null)
        {
            throw new OutboxException(
                $"{state.StateType.Name} has no snapshots. Register them with its topic: t.KeepHistory(h => h.Snapshot<{state.StateType.Name}>(SnapshotPolicy.Never, schema: 1)).");
        }

        var (taken, failed) = (0L, 0L);
        await foreach (var age in store.SnapshotAgesAsync(state.EntityType, state.Schema, cancellationToken).ConfigureAwait(false))
        {
            if (age.Head - age.Snapshot < olderThan)
            {
                continue;
            }

            try
            {
                taken += await TakeAsync(state, age.Entity.Id, replaces: false, cancellationToken).ConfigureAwait(false) ? 1 : 0;
            }
            catch (OutboxException error)
            {
                // An entity whose events cannot be read must not keep all others from having theirs.
                failed++;
                logger.SnapshotFailed(error, state.EntityType, age.Entity.Id);
            }
        }

        logger.SnapshotsTaken(taken, state.EntityType, failed);
        return taken;
    }

    /// <summary>Makes an entity's snapshot anew, of its events alone.</summary>
    public Task ReplaceAsync(StateRegistration state, string id, CancellationToken cancellationToken) => TakeAsync(state, id, replaces: true, cancellationToken);

    private Task<bool> TakeAsync(StateRegistration state, string id, bool replaces, CancellationToken cancellationToken) => store.SnapshotAsync(
        StateRegistry.EntityOf(state, id),
        async (reader, token) =>
        {
            var registration = replaces ? state with { Snapshots = null } : state;
            var loaded = await services.Loader.LoadAsync(reader, registration, id, long.MaxValue, token).ConfigureAwait(false);
            return loaded.Version == 0 || state.Snapshots is null ? null : new StoredSnapshot(loaded.Version, state.Schema, state.Fold.Write(loaded.State));
        },
        replaces,
        cancellationToken);
}
