using Outbox.Delivery;
using Outbox.Delivery.Operations;
using Outbox.Testing.Store;

namespace Outbox.Testing.Delivery;

/// <summary>Moves messages between the outbox, what is parked, and the history.</summary>
internal sealed class InMemoryOutboxOperations(InMemoryStore store, RelaySignal signal) : IOutboxOperations
{
    /// <inheritdoc/>
    public Task<IReadOnlyList<ParkedOutboxMessage>> ListParkedAsync(int limit = 100, CancellationToken cancellationToken = default) =>
        Task.FromResult<IReadOnlyList<ParkedOutboxMessage>>(
            store.Run(tables => tables.Parked.Values.OrderBy(parked => parked.ParkedAt).Take(limit).ToList()));

    /// <inheritdoc/>
    public Task<bool> RetryAsync(string messageId, string reason, CancellationToken cancellationToken = default) => Decide(tables =>
    {
        if (!tables.Parked.Remove(messageId, out var parked))
        {
            return false;
        }

        tables.Outbox[messageId] = parked.Message;
        return true;
    });

    /// <inheritdoc/>
    public Task<bool> DiscardAsync(string messageId, string reason, CancellationToken cancellationToken = default) => Decide(tables =>
    {
        if (!tables.Parked.Remove(messageId))
        {
            return false;
        }

        tables.Outbox.Remove(messageId);
        return true;
    });

    /// <inheritdoc/>
    public Task<bool> ReplayAsync(string messageId, string reason, CancellationToken cancellationToken = default) => Decide(tables =>
    {
        if (!tables.Sent.TryGetValue(messageId, out var sent))
        {
            return false;
        }

        tables.Outbox[messageId] = sent;
        return true;
    });

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
