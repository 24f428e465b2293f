using Outbox.Embedded.MongoDb.History;
using Outbox.Embedded.MongoDb.Indexing;

namespace Outbox.Embedded.MongoDb.Storage;

/// Writes down every commit and every change of the catalog, each under the store's lock and before anybody sees it.
internal interface IJournal : IDisposable
{
    void Commit(ulong timestamp, IEnumerable<Change> changes, TransactionId? transaction);

    void Created(Collection collection);

    /// A collection that is not needed any more, and that nobody watching is told of.
    void Forgotten(ulong timestamp, Namespace name);

    void IndexAdded(ulong timestamp, Namespace name, IndexSpec spec);

    void IndexRemoved(ulong timestamp, Namespace name, string index);

    void IndexChanged(ulong timestamp, Namespace name, IndexSpec spec);

    /// What follows may have to be taken back.
    void Hold();

    void Release();

    void TakeBack();
}
