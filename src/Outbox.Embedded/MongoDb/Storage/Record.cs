
namespace Outbox.Embedded.MongoDb.Storage;

/// One document's place in a collection: its versions, newest first.
internal sealed class Record(long id, RecordVersion head)
{
    public long Id { get; } = id;

    public RecordVersion Head { get; set; } = head;

    /// What a reader sees: its own transaction's write, or the newest version committed at its read point.
    public RecordVersion? Visible(ulong readPoint, Transaction? reader)
    {
        for (var version = Head; version is not null; version = version.Older!)
        {
            if (version.Owner is null ? version.Timestamp <= readPoint : ReferenceEquals(version.Owner, reader))
            {
                return version;
            }
        }

        return null;
    }
}

/// A version without data is a delete.
internal sealed class RecordVersion(byte[]? data, ulong timestamp, Transaction? owner, RecordVersion? older)
{
    public byte[]? Data { get; } = data;

    public ulong Timestamp { get; set; } = timestamp;

    public Transaction? Owner { get; set; } = owner;

    public RecordVersion? Older { get; set; } = older;

    /// Index entries of the older versions that this version does not have: to be removed with them.
    public List<StaleEntry>? Stale { get; set; }
}

internal readonly record struct StaleEntry(CollectionIndex Index, byte[] Key);

internal readonly struct ByRecordId : IComparer<Record>
{
    public int Compare(Record? x, Record? y) => x!.Id.CompareTo(y!.Id);
}

internal readonly record struct IndexEntry(byte[] Key, Record? Record)
{
    public long RecordId => Record?.Id ?? long.MinValue;
}

internal readonly struct ByKey : IComparer<IndexEntry>
{
    public int Compare(IndexEntry x, IndexEntry y)
    {
        var order = x.Key.AsSpan().SequenceCompareTo(y.Key);
        return order != 0 ? order : x.RecordId.CompareTo(y.RecordId);
    }
}
