namespace Outbox.Embedded.MongoDb.Storage;

/// Drops versions that no reader needs, and takes back versions that never became durable. Under the store's lock only.
internal sealed class VersionChains(Store store)
{
    private readonly Queue<(ulong Timestamp, Collection Collection, Record Record)> _garbage = new();
    private readonly List<(Collection Collection, Record Record)> _held = [];

    /// A version was just committed at the head of this record.
    public void Committed(Collection collection, Record record)
    {
        var head = record.Head;
        Count(collection, head.Data, head.Older?.Data);
        if (store.MajorityHeld)
        {
            _held.Add((collection, record));
        }

        if (head.Older is null && head.Data is not null)
        {
            return;
        }

        if (head.Timestamp <= store.OldestNeeded)
        {
            Prune(collection, record, head.Timestamp);
        }
        else
        {
            _garbage.Enqueue((head.Timestamp, collection, record));
        }
    }

    public void Collect()
    {
        var oldest = store.OldestNeeded;
        while (_garbage.TryPeek(out var next) && next.Timestamp <= oldest)
        {
            _garbage.Dequeue();
            Prune(next.Collection, next.Record, oldest);
        }
    }

    /// Takes the newest version off its record.
    public static void RemoveHead(Collection collection, Record record)
    {
        var version = record.Head;
        if (version.Older is { } older)
        {
            record.Head = older;
            if (version.Data is not null)
            {
                collection.RemoveEntries(record, collection.EntriesOf(version.Data));
            }

            return;
        }

        collection.Records.Remove(record);
        record.Head = new RecordVersion(null, 0, null, null);
        if (version.Data is not null)
        {
            collection.RemoveEntries(record, collection.EntriesOf(version.Data));
        }
        else if (version.Stale is { } kept)
        {
            collection.RemoveEntries(record, kept);
        }
    }

    public void ForgetHeld() => _held.Clear();

    public void RollBackHeld(ulong keep)
    {
        for (var i = _held.Count - 1; i >= 0; i--)
        {
            var (collection, record) = _held[i];
            if (record.Head is { Owner: null } head && head.Timestamp > keep)
            {
                Count(collection, head.Older?.Data, head.Data);
                RemoveHead(collection, record);
            }
        }

        _held.Clear();
    }

    private static void Count(Collection collection, byte[]? now, byte[]? before)
    {
        collection.DocumentCount += (now is null ? 0 : 1) - (before is null ? 0 : 1);
        collection.DocumentBytes += (now?.Length ?? 0) - (before?.Length ?? 0);
    }

    private static void Prune(Collection collection, Record record, ulong oldest)
    {
        var keep = record.Head;
        while (keep is not null && !(keep.Owner is null && keep.Timestamp <= oldest))
        {
            keep = keep.Older!;
        }

        if (keep is null)
        {
            return;
        }

        var stale = new List<StaleEntry>();
        for (var version = keep; version is not null; version = version.Older!)
        {
            if (version.Stale is { } entries)
            {
                stale.AddRange(entries);
                version.Stale = null;
            }
        }

        keep.Older = null;
        if (stale.Count > 0)
        {
            collection.RemoveEntries(record, stale);
        }

        if (ReferenceEquals(keep, record.Head) && keep.Data is null)
        {
            collection.Records.Remove(record);
        }
    }
}
