using Outbox.Embedded.MongoDb.Errors;
using Outbox.Embedded.MongoDb.Storage;
using Outbox.Embedded.MongoDb.Timing;

namespace Outbox.Embedded.MongoDb.Queries;

/// From where a command reads, and for how long it may.
internal sealed class ReadScope(Transaction? transaction, bool majority, Budget budget)
{
    private (Collection Collection, CollectionIndex? Index)? _source;

    public Transaction? Transaction { get; } = transaction;

    public bool Majority { get; } = majority;

    /// How much was looked at, for those who want it explained.
    public int KeysExamined { get; set; }

    public int DocumentsExamined { get; set; }

    /// A cursor gets a new budget with each getMore.
    public Budget Budget { get; set; } = budget;

    /// Remembers what a cursor's documents come from: the first that is read; others are joined to it.
    public void From(Collection collection, CollectionIndex? index) => _source ??= (collection, index);

    /// A cursor dies with its collection, and with the index that it walks.
    public void EnsureSource()
    {
        if (_source is var (collection, index))
        {
            Ensure(collection, index);
        }
    }

    public bool SourceGone => _source is var (collection, index) && IsGone(collection, index);

    public static void Ensure(Collection collection, CollectionIndex? index)
    {
        if (IsGone(collection, index))
        {
            throw new MongoError(175, "QueryPlanKilled", $"collection or index dropped while {collection.Name} was read");
        }
    }

    /// Under the store's lock: outside of a transaction each step of a scan reads what is newest then.
    public ulong Point(Store store) => Transaction?.Snapshot ?? (Majority ? store.Majority : ulong.MaxValue);

    private static bool IsGone(Collection collection, CollectionIndex? index) =>
        collection.Dropped || (index is not null && !collection.Indexes.Contains(index));
}
