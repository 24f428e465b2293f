using Outbox.Embedded.MongoDb.Storage;
using Outbox.Embedded.MongoDb.Timing;

namespace Outbox.Embedded.MongoDb.Queries;

/// From where a command reads, and for how long it may.
internal sealed class ReadScope(Transaction? transaction, bool majority, Budget budget)
{
    public Transaction? Transaction { get; } = transaction;

    public bool Majority { get; } = majority;

    /// A cursor gets a new budget with each getMore.
    public Budget Budget { get; set; } = budget;

    /// Under the store's lock: outside of a transaction each step of a scan reads what is newest then.
    public ulong Point(Store store) => Transaction?.Snapshot ?? (Majority ? store.Majority : ulong.MaxValue);
}
