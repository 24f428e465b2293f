using Outbox.Delivery;
using Outbox.Delivery.Operations;
using Outbox.Operations;
using Outbox.Operations.Failures;
using Outbox.Testing.Store;

namespace Outbox.Testing.Delivery;

/// <summary>Moves messages between the outbox, what is parked, and the history.</summary>
internal sealed class InMemoryOutboxOperations(InMemoryStore store, RelaySignal signal) : IOutboxOperations
{
    /// <inheritdoc/>
    public Task<Page<ParkedSummary>> SearchAsync(ParkedFilter filter, string? cursor = null, int size = 100, CancellationToken cancellationToken = default) => throw new NotSupportedException();

    /// <inheritdoc/>
    public Task<Page<ParkedSummary>> SearchDiscardedAsync(ParkedFilter filter, string? cursor = null, int size = 100, CancellationToken cancellationToken = default) => throw new NotSupportedException();

    /// <inheritdoc/>
    public Task<ParkedOutboxMessage?> GetAsync(string messageId, CancellationToken cancellationToken = default) => throw new NotSupportedException();

    /// <inheritdoc/>
    public Task<IReadOnlyList<FailureGroup>> GroupsAsync(ParkedFilter? filter = null, int limit = 100, CancellationToken cancellationToken = default) => throw new NotSupportedException();

    /// <inheritdoc/>
    public Task<long> CountAsync(ParkedFilter filter, int limit = 100_000, CancellationToken cancellationToken = default) => throw new NotSupportedException();

    /// <inheritdoc/>
    public Task<bool> RestoreAsync(string messageId, Decision decision, CancellationToken cancellationToken = default) => throw new NotSupportedException();

    /// <inheritdoc/>
    public Task<bool> EditAndRetryAsync(string messageId, string payload, string etag, Decision decision, CancellationToken cancellationToken = default) => throw new NotSupportedException();

    /// <inheritdoc/>
    public Task<IReadOnlyList<ParkedOutboxMessage>> ListParkedAsync(int limit = 100, CancellationToken cancellationToken = default) =>
        ListParkedAsync(new ParkedFilter(), limit, cancellationToken);

    /// <inheritdoc/>
    public Task<IReadOnlyList<ParkedOutboxMessage>> ListParkedAsync(ParkedFilter filter, int limit = 100, CancellationToken cancellationToken = default) =>
        Task.FromResult<IReadOnlyList<ParkedOutboxMessage>>(
            store.Run(tables => tables.Parked.Values.Where(parked => Matches(filter, parked)).OrderBy(parked => parked.ParkedAt).Take(limit).ToList()));

    /// <inheritdoc/>
    public Task<long> RetryAllAsync(ParkedFilter filter, Decision given, CancellationToken cancellationToken = default) =>
        DecideAll(filter, (tables, parked) => tables.Outbox[parked.Message.MessageId] = parked.Message);

    /// <inheritdoc/>
    public Task<long> DiscardAllAsync(ParkedFilter filter, Decision given, CancellationToken cancellationToken = default) =>
        DecideAll(filter, (tables, parked) => tables.Outbox.Remove(parked.Message.MessageId));

    /// <inheritdoc/>
    public Task<bool> RetryAsync(string messageId, Decision given, CancellationToken cancellationToken = default) => Decide(tables =>
    {
        if (!tables.Parked.Remove(messageId, out var parked))
        {
            return false;
        }

        tables.Outbox[messageId] = parked.Message;
        return true;
    });

    /// <inheritdoc/>
    public Task<bool> DiscardAsync(string messageId, Decision given, CancellationToken cancellationToken = default) => Decide(tables =>
    {
        if (!tables.Parked.Remove(messageId))
        {
            return false;
        }

        tables.Outbox.Remove(messageId);
        return true;
    });

    /// <inheritdoc/>
    public Task<bool> ReplayAsync(string messageId, Decision given, CancellationToken cancellationToken = default) => Decide(tables =>
    {
        if (!tables.Sent.TryGetValue(messageId, out var sent))
        {
            return false;
        }

        tables.Outbox[messageId] = sent;
        return true;
    });

    private static bool Matches(ParkedFilter filter, ParkedOutboxMessage parked) =>
        (filter.Topic is null || parked.Message.Topic == filter.Topic)
        && (filter.EntityType is null || parked.Message.EntityType == filter.EntityType)
        && (filter.EntityId is null || parked.Message.EntityId == filter.EntityId)
        && (filter.Error is null || parked.Error.Contains(filter.Error, StringComparison.Ordinal))
        && (filter.ParkedFrom is null || parked.ParkedAt >= filter.ParkedFrom)
        && (filter.ParkedBefore is null || parked.ParkedAt < filter.ParkedBefore);

    private Task<long> DecideAll(ParkedFilter filter, Action<Tables, ParkedOutboxMessage> next)
    {
        var count = store.Run(tables =>
        {
            var chosen = tables.Parked.Values.Where(parked => Matches(filter, parked))
                .OrderBy(parked => parked.Message.Version).ThenBy(parked => parked.Message.Ordinal).ToList();
            foreach (var parked in chosen)
            {
                tables.Parked.Remove(parked.Message.MessageId);
                next(tables, parked);
            }

            return (long)chosen.Count;
        });
        signal.Raise();
        return Task.FromResult(count);
    }

    private Task<bool> Decide(Func<Tables, bool> step)
    {
        var found = store.Run(step);
        if (found)
        {
            signal.Raise();
        }

        return Task.FromResult(found);
    }
}
