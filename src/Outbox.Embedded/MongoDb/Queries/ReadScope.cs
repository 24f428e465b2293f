using Outbox.Embedded.MongoDb.Storage;
using Outbox.Embedded.MongoDb.Timing;

namespace Outbox.Embedded.MongoDb.Queries;

/// From where a command reads, and for how long it may.
internal sealed class ReadScope(Transaction? transaction, bool majority, Budget budget)
{
    private ReadSource? _source;

    public Transaction? Transaction { get; } = transaction;

    public bool Majority { get; } = majority;

    /// How much was looked at, for those who want it explained.
    public int KeysExamined { get; set; }

    public int DocumentsExamined { get; set; }

    /// A cursor gets a new budget with each getMore.
    public Budget Budget { get; set; } = budget;

    /// Remembers what a cursor's documents come from: the first that is read; others are joined to it.
    public void From(ReadSource source) => _source ??= source;

    public void EnsureSource() => _source?.Ensure();

    public bool SourceGone => _source?.Gone == true;

    /// Under the store's lock: outside of a transaction each step of a scan reads what is newest then.
    public ulong Point(Store store) => Transaction?.Snapshot ?? (Majority ? store.Majority : ulong.MaxValue);
}
