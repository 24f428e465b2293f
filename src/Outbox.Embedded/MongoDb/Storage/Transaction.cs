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
        Writes.Clear();
        Changes.Clear();
        _ended.TrySetResult();
    }
}
