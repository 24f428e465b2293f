using Outbox.Embedded.MongoDb.Errors;
using Outbox.Embedded.MongoDb.History;

namespace Outbox.Embedded.MongoDb.Storage;

internal enum TransactionState
{
    Active,
    Committed,
    Aborted,
}

/// A multi-document transaction: a snapshot to read from, and writes that nobody else sees yet. State changes under the store's lock only.
internal sealed class Transaction(TransactionId id, ulong snapshot, long startedAt)
{
    private readonly TaskCompletionSource _ended = new(TaskCreationOptions.RunContinuationsAsynchronously);

    public TransactionId Id { get; } = id;

    public ulong Snapshot { get; } = snapshot;

    public long StartedAt { get; } = startedAt;

    public TransactionState State { get; private set; }

    public ulong CommitTimestamp { get; private set; }

    public List<(Collection Collection, Record Record, RecordVersion Version)> Writes { get; } = [];

    public List<Change> Changes { get; } = [];

    public List<Collection> Created { get; } = [];

    /// Ends when the transaction does: writers outside of any transaction wait for it.
    public Task Ended => _ended.Task;

    public void EnsureActive()
    {
        if (State != TransactionState.Active)
        {
            throw NotActive();
        }
    }

    /// A collection that came into being, or got an index, after the snapshot is not the one that the snapshot shows.
    public void EnsureSees(Collection collection)
    {
        if (collection.ChangedAt > Snapshot && !Created.Contains(collection))
        {
            throw new MongoError(246, "SnapshotUnavailable", $"Unable to read from a snapshot due to pending collection catalog changes to {collection.Name}; please retry the operation.");
        }
    }

    public MongoError NotActive() => State == TransactionState.Committed
        ? new MongoError(256, "TransactionCommitted", $"Transaction {Id.Number} has been committed.")
        : new MongoError(251, "NoSuchTransaction", $"Transaction {Id.Number} has been aborted.");

    public void Committed(ulong timestamp)
    {
        CommitTimestamp = timestamp;
        End(TransactionState.Committed);
    }

    public void Aborted() => End(TransactionState.Aborted);

    private void End(TransactionState state)
    {
        State = state;
        Forget(Writes);
        Forget(Changes);
        Forget(Created);
        _ended.TrySetResult();
    }

    /// A session keeps its last transaction: not what it held, nor the room for it.
    private static void Forget<T>(List<T> list)
    {
        list.Clear();
        list.Capacity = 0;
    }
}
