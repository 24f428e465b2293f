using Outbox.Delivery;
using Outbox.Delivery.Operations;
using Outbox.Operations;
using Outbox.Operations.Failures;
using Outbox.Testing.Store;

namespace Outbox.Testing.Delivery;

/// <summary>Moves messages between the outbox, what is parked and discarded, and the history.</summary>
internal sealed class InMemoryOutboxOperations(InMemoryStore store, InMemoryOutboxFailures failures, InMemoryOutboxActs acts, RelaySignal signal) : IOutboxOperations
{
    /// <inheritdoc/>
    public Task<IReadOnlyList<ParkedOutboxMessage>> ListParkedAsync(int limit = 100, CancellationToken cancellationToken = default) =>
        ListParkedAsync(new ParkedFilter(), limit, cancellationToken);

    /// <inheritdoc/>
    public Task<IReadOnlyList<ParkedOutboxMessage>> ListParkedAsync(ParkedFilter filter, int limit = 100, CancellationToken cancellationToken = default) =>
        Task.FromResult(failures.List(filter, limit));

    /// <inheritdoc/>
    public Task<Page<ParkedSummary>> SearchAsync(ParkedFilter filter, string? cursor = null, int size = 100, CancellationToken cancellationToken = default) =>
        Answer(() => failures.Search(filter, cursor, size));

    /// <inheritdoc/>
    public Task<Page<ParkedSummary>> SearchDiscardedAsync(ParkedFilter filter, string? cursor = null, int size = 100, CancellationToken cancellationToken = default) =>
        Answer(() => failures.SearchDiscarded(filter, cursor, size));

    /// <inheritdoc/>
    public Task<ParkedOutboxMessage?> GetAsync(string messageId, CancellationToken cancellationToken = default) => Task.FromResult(failures.Get(messageId));

    /// <inheritdoc/>
    public Task<IReadOnlyList<FailureGroup>> GroupsAsync(ParkedFilter? filter = null, int limit = 100, CancellationToken cancellationToken = default) =>
        Answer(() => failures.Groups(filter ?? new ParkedFilter(), limit));

    /// <inheritdoc/>
    public Task<long> CountAsync(ParkedFilter filter, int limit = 100_000, CancellationToken cancellationToken = default) => Task.FromResult(failures.Count(filter, limit));

    /// <inheritdoc/>
    public Task<long> RetryAllAsync(ParkedFilter filter, Decision decision, CancellationToken cancellationToken = default) =>
        DecideAll(tables => InMemoryOutboxActs.Chosen(tables, filter).Count(id => acts.Retry(tables, id, decision)));

    /// <inheritdoc/>
    public Task<long> DiscardAllAsync(ParkedFilter filter, Decision decision, CancellationToken cancellationToken = default) =>
        DecideAll(tables => InMemoryOutboxActs.Chosen(tables, filter).Count(id => acts.Discard(tables, id, decision)));

    /// <inheritdoc/>
    public Task<bool> RetryAsync(string messageId, Decision decision, CancellationToken cancellationToken = default) => Decide(tables => acts.Retry(tables, messageId, decision));

    /// <inheritdoc/>
    public Task<bool> DiscardAsync(string messageId, Decision decision, CancellationToken cancellationToken = default) => Decide(tables => acts.Discard(tables, messageId, decision));

    /// <inheritdoc/>
    public Task<bool> RestoreAsync(string messageId, Decision decision, CancellationToken cancellationToken = default) => Decide(tables => acts.Restore(tables, messageId, decision));

    /// <inheritdoc/>
    public Task<bool> EditAndRetryAsync(string messageId, string payload, string etag, Decision decision, CancellationToken cancellationToken = default) => Decide(tables =>
    {
        acts.CheckEdit(payload);
        return acts.Edit(tables, messageId, (payload, etag), decision);
    });

    /// <inheritdoc/>
    public Task<bool> ReplayAsync(string messageId, Decision decision, CancellationToken cancellationToken = default) => Decide(tables => acts.Replay(tables, messageId, decision));

    private Task<long> DecideAll(Func<Tables, int> step) => Answer(() =>
    {
        long count = store.Run(step);
        signal.Raise();
        return count;
    });

    private Task<bool> Decide(Func<Tables, bool> step) => Answer(() =>
    {
        var found = store.Run(step);
        if (found)
        {
            signal.Raise();
        }

        return found;
    });

    /// <summary>A refusal is the task's, as a database's is.</summary>
    private static async Task<T> Answer<T>(Func<T> ask)
    {
        await Task.CompletedTask.ConfigureAwait(false);
        return ask();
    }
}
