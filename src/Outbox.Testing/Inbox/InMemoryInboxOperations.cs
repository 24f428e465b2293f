using Outbox.Inbox;
using Outbox.Inbox.Operations;
using Outbox.Inbox.Sequencing;
using Outbox.Operations;
using Outbox.Operations.Failures;
using Outbox.Testing.Store;

namespace Outbox.Testing.Inbox;

/// <summary>Decisions about parked messages.</summary>
internal sealed class InMemoryInboxOperations(InMemoryStore store, InMemoryInboxFailures failures, InMemoryInboxActs acts, InMemoryGaps gaps, KeyLocks locks) : IInboxOperations
{
    /// <inheritdoc/>
    public Task<IReadOnlyList<ParkedInboxMessage>> ListParkedAsync(
        string? endpoint = null, ParkReason? reason = null, int limit = 100, CancellationToken cancellationToken = default) =>
        ListParkedAsync(new ParkedInboxFilter { Endpoint = endpoint, Reason = reason }, limit, cancellationToken);

    /// <inheritdoc/>
    public Task<IReadOnlyList<ParkedInboxMessage>> ListParkedAsync(ParkedInboxFilter filter, int limit = 100, CancellationToken cancellationToken = default) =>
        Task.FromResult(failures.List(filter, limit));

    /// <inheritdoc/>
    public Task<Page<ParkedSummary>> SearchAsync(ParkedInboxFilter filter, string? cursor = null, int size = 100, CancellationToken cancellationToken = default) =>
        Answer(() => failures.Search(filter, cursor, size));

    /// <inheritdoc/>
    public Task<Page<ParkedSummary>> SearchDiscardedAsync(ParkedInboxFilter filter, string? cursor = null, int size = 100, CancellationToken cancellationToken = default) =>
        Answer(() => failures.SearchDiscarded(filter, cursor, size));

    /// <inheritdoc/>
    public Task<ParkedInboxMessage?> GetAsync(string id, CancellationToken cancellationToken = default) => Task.FromResult(failures.Get(id));

    /// <inheritdoc/>
    public Task<IReadOnlyList<FailureGroup>> GroupsAsync(ParkedInboxFilter? filter = null, int limit = 100, CancellationToken cancellationToken = default) =>
        Answer(() => failures.Groups(filter ?? new ParkedInboxFilter(), limit));

    /// <inheritdoc/>
    public Task<long> CountAsync(ParkedInboxFilter filter, int limit = 100_000, CancellationToken cancellationToken = default) => Task.FromResult(failures.Count(filter, limit));

    /// <inheritdoc/>
    public Task<long> RetryAllAsync(ParkedInboxFilter filter, Decision decision, CancellationToken cancellationToken = default) => Task.FromResult(store.Run(tables =>
        (long)InMemoryInboxActs.Chosen(tables, filter)
            .Count(id => tables.InboxParked.Find(entry => entry.Id == id)!.Message is { Reason: not ParkReason.Held, Omitted: null } && acts.Retry(tables, id, decision))));

    /// <inheritdoc/>
    public async Task<long> DiscardAllAsync(ParkedInboxFilter filter, Decision decision, CancellationToken cancellationToken = default)
    {
        long count = 0;
        foreach (var id in store.Run(tables => InMemoryInboxActs.Chosen(tables, filter)))
        {
            try
            {
                count += await DiscardAsync(id, decision, cancellationToken).ConfigureAwait(false) ? 1 : 0;
            }
            catch (OutboxException)
            {
                // It waits for a predecessor that is not among them.
            }
        }

        return count;
    }

    /// <inheritdoc/>
    public Task<bool> RetryAsync(string id, Decision decision, CancellationToken cancellationToken = default) => Task.FromResult(store.Run(tables => acts.Retry(tables, id, decision)));

    /// <inheritdoc/>
    public Task<bool> DiscardAsync(string id, Decision decision, CancellationToken cancellationToken = default) =>
        InTurnAsync(store.Run(tables => tables.InboxParked.Find(entry => entry.Id == id)), tables => acts.Discard(tables, id, decision), cancellationToken);

    /// <inheritdoc/>
    public Task<bool> RestoreAsync(string id, Decision decision, CancellationToken cancellationToken = default) =>
        InTurnAsync(store.Run(tables => tables.InboxDiscarded.Find(entry => entry.Parked.Id == id)?.Parked), tables => acts.Restore(tables, id, decision), cancellationToken);

    /// <inheritdoc/>
    public Task<bool> EditAndRetryAsync(string id, string payload, string etag, Decision decision, CancellationToken cancellationToken = default) => Answer(() =>
    {
        acts.CheckEdit(payload);
        return store.Run(tables => acts.Edit(tables, id, (payload, etag), decision));
    });

    /// <inheritdoc/>
    public async Task<bool> ReleaseAsync(Sequence sequence, Decision decision, CancellationToken cancellationToken = default)
    {
        var released = await gaps.GiveUpAsync(sequence, GapPolicy.Apply, null, cancellationToken).ConfigureAwait(false) is not null;
        if (released)
        {
            acts.Released(sequence, decision, store);
        }

        return released;
    }

    /// <summary>No step of the entity's sequence runs at the same time.</summary>
    private async Task<bool> InTurnAsync(ParkedEntry? entry, Func<Tables, bool> act, CancellationToken cancellationToken)
    {
        if (entry is null)
        {
            return false;
        }

        var isOrdered = entry.Message is { EntityId: not null, Version: not null, Hold: false };
        using var turn = await locks.EnterAsync(isOrdered ? [entry.Sequence] : [], cancellationToken).ConfigureAwait(false);
        return store.Run(act);
    }

    /// <summary>A refusal is the task's, as a database's is.</summary>
    private static async Task<T> Answer<T>(Func<T> ask)
    {
        await Task.CompletedTask.ConfigureAwait(false);
        return ask();
    }
}
