using Outbox.Capture;
using Outbox.History;
using Outbox.History.Keeping;
using Outbox.History.Loading;
using Outbox.Messages;
using Outbox.Messages.Registration;
using Outbox.Testing.Projections;
using Outbox.Testing.Store;

namespace Outbox.Testing.Capture;

/// <summary>Keeps what transactions in memory capture for topics that keep history.</summary>
internal sealed class InMemoryHistory(InMemoryHistoryStore store, HistoryServices services, Snapshots snapshots, InMemoryProjections projections)
{
    public MessageRegistry Messages => services.Messages;

    public InMemoryTransaction Begin(CaptureBuffer buffer) => new(buffer, store, services);

    /// <summary>What is to be kept of what a transaction stores.</summary>
    /// <exception cref="WriteConflictException">An entity has other events than those that the transaction has seen.</exception>
    /// <exception cref="VersionConflictException">A version is taken, or one is left out.</exception>
    public IReadOnlyList<OutboxMessage> Check(Tables tables, KnownHeads heads, IReadOnlyList<OutboxMessage> captured)
    {
        foreach (var entity in captured.Where(message => Messages.IsKept(message.Topic)).Select(message => message.Entity).Distinct())
        {
            if (heads.Stored(entity) is { } seen && seen != tables.HeadOf(entity))
            {
                throw new WriteConflictException();
            }
        }

        return KeptMessages.CheckAsync(Messages, heads, captured, entity => ValueTask.FromResult(tables.HeadOf(entity))).AsTask().GetAwaiter().GetResult();
    }

    /// <summary>Stores what is kept, and the rows of inline projections.</summary>
    public void Keep(Tables tables, IReadOnlyList<OutboxMessage> kept)
    {
        tables.Keep(kept);
        projections.Captured(tables, kept);
    }

    public Task CommittedAsync(InMemoryTransaction transaction, CancellationToken cancellationToken)
    {
        projections.Show();
        return snapshots.TakeDueAsync(transaction.DueSnapshots, cancellationToken);
    }
}
