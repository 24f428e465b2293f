using Outbox.Embedded.MongoDb.Errors;
using Outbox.Embedded.MongoDb.History;

namespace Outbox.Embedded.MongoDb.Storage;

internal enum WriteStatus
{
    Done,

    /// What the caller had read is no longer what is there: read again.
    Stale,

    /// An open transaction wrote here first: wait for its end.
    Blocked,
}

internal readonly record struct WriteResult(WriteStatus Status, Transaction? Blocker, ulong Timestamp);

/// The writes themselves, each a short step under the lock.
internal sealed class StoreWrites(Store store)
{
    public WriteResult Insert(Collection collection, PreparedDocument document, Transaction? transaction)
    {
        lock (store.Gate)
        {
            transaction?.EnsureActive();
            transaction?.EnsureSees(collection);
            if (collection.Dropped || document.Indexes != collection.Indexes)
            {
                return new(WriteStatus.Stale, null, 0);
            }

            if (UniqueKeys.FindBlocker(collection, document, null, transaction) is { } blocker)
            {
                return new(WriteStatus.Blocked, blocker, 0);
            }

            var version = new RecordVersion(document.Data, 0, transaction, null);
            var record = new Record(collection.NextRecordId(), version);
            collection.Records.Add(record);
            collection.AddEntries(record, document);
            return Finish(collection, record, new Change(ChangeKind.Insert, collection.Name, null, document.Data), transaction);
        }
    }

    /// Puts a new version in the place of the one that the caller has seen; no `after` is a delete.
    public WriteResult Replace(Target target, PreparedDocument? after, ChangeKind kind, Transaction? transaction)
    {
        var (collection, record, seen, before) = target;
        lock (store.Gate)
        {
            transaction?.EnsureActive();
            var head = record.Head;
            if (head.Owner is { } other && other != transaction)
            {
                return transaction is null ? new(WriteStatus.Blocked, other, 0) : throw Conflict();
            }

            if (transaction is not null && head.Owner is null && head.Timestamp > transaction.Snapshot)
            {
                throw Conflict();
            }

            if (head != seen || collection.Dropped || before.Indexes != collection.Indexes || (after is not null && after.Indexes != before.Indexes))
            {
                return new(WriteStatus.Stale, null, 0);
            }

            if (after is not null && UniqueKeys.FindBlocker(collection, after, record, transaction) is { } blocker)
            {
                return new(WriteStatus.Blocked, blocker, 0);
            }

            Put(target, after, transaction);
            return Finish(collection, record, new Change(kind, collection.Name, before.Data, after?.Data), transaction);
        }
    }

    /// An update that changes nothing is not written: it meets no open transaction, and never conflicts. Outside of a transaction, what was read must still be
    /// the last that was committed, or the reader decided on something outdated.
    public WriteResult Confirm(Target target, Transaction? transaction)
    {
        lock (store.Gate)
        {
            transaction?.EnsureActive();
            var head = target.Record.Head;
            return new(head == target.Seen || head.Owner is not null || transaction is not null ? WriteStatus.Done : WriteStatus.Stale, null, 0);
        }
    }

    public void Commit(Transaction transaction)
    {
        lock (store.Gate)
        {
            transaction.EnsureActive();
            var timestamp = transaction.Writes.Count == 0 ? store.Last : store.NextTimestamp();
            store.CloseSnapshot(transaction.Snapshot);
            foreach (var (collection, record, version) in transaction.Writes)
            {
                version.Owner = null;
                version.Timestamp = timestamp;
                if (record.Head == version)
                {
                    store.Versions.Committed(collection, record);
                }
            }

            var ordinal = 0;
            foreach (var change in transaction.Changes)
            {
                store.Oplog.Append(change with { Timestamp = timestamp, Ordinal = ordinal++, WallTime = store.Clock.Now, Transaction = transaction.Id });
            }

            if (transaction.Changes.Count > 0)
            {
                store.Journal?.Commit(timestamp, transaction.Changes, transaction.Id);
            }

            transaction.Committed(timestamp);
        }

        store.Advanced.Raise();
    }

    public void Abort(Transaction transaction)
    {
        lock (store.Gate)
        {
            if (transaction.State != TransactionState.Active)
            {
                return;
            }

            for (var i = transaction.Writes.Count - 1; i >= 0; i--)
            {
                var (collection, record, version) = transaction.Writes[i];
                if (record.Head == version)
                {
                    VersionChains.RemoveHead(collection, record);
                }
            }

            store.CloseSnapshot(transaction.Snapshot);
            store.Catalog.ForgetCreatedBy(transaction);
            transaction.Aborted();
        }
    }

    private static void Put(Target target, PreparedDocument? after, Transaction? transaction)
    {
        var (collection, record, head, before) = target;
        var missing = before.Missing(after);
        var again = transaction is not null && head.Owner == transaction;
        var version = new RecordVersion(after?.Data, 0, transaction, again ? head.Older : head) { Stale = missing };
        if (again && head.Stale is { } earlier)
        {
            version.Stale = [.. missing ?? [], .. earlier];
        }

        record.Head = version;

        // A document that its own transaction inserted and deleted keeps its index entries until the end: others must still meet its keys as conflicts.
        var insertedHere = again && head.Older is null;
        if (again && missing is not null && !(insertedHere && after is null))
        {
            collection.RemoveEntries(record, missing);
        }

        if (after is not null)
        {
            collection.AddEntries(record, after);
        }
    }

    private static MongoError Conflict() => UniqueKeys.WriteConflict();

    private WriteResult Finish(Collection collection, Record record, Change change, Transaction? transaction)
    {
        if (transaction is not null)
        {
            transaction.Writes.Add((collection, record, record.Head));
            transaction.Changes.Add(change);
            return new(WriteStatus.Done, null, 0);
        }

        var timestamp = store.NextTimestamp();
        record.Head.Timestamp = timestamp;
        store.Journal?.Commit(timestamp, [change], null);
        store.Oplog.Append(change with { Timestamp = timestamp, WallTime = store.Clock.Now });
        store.Versions.Committed(collection, record);
        store.Advanced.Raise();
        return new(WriteStatus.Done, null, timestamp);
    }
}

/// A record as its reader saw it.
internal readonly record struct Target(Collection Collection, Record Record, RecordVersion Seen, PreparedDocument Before);
