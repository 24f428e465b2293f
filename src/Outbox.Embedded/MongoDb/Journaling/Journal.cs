using MongoDB.Bson;
using Outbox.Embedded.MongoDb.History;
using Outbox.Embedded.MongoDb.Indexing;
using Outbox.Embedded.MongoDb.Language.Documents;
using Outbox.Embedded.MongoDb.Storage;

namespace Outbox.Embedded.MongoDb.Journaling;

/// The journal as a file: entries in the order of commits.
internal sealed class Journal(JournalFile file) : IJournal
{
    private long? _mark;

    public void Commit(ulong timestamp, IEnumerable<Change> changes, TransactionId? transaction)
    {
        var entry = new BsonDocument { { "t", (long)timestamp }, { "c", new BsonArray(changes.Select(Describe)) } };
        if (transaction is not null)
        {
            entry.Add("x", new BsonDocument { { "lsid", transaction.SessionId }, { "number", transaction.Number } });
        }

        file.Append(entry);
    }

    public void Created(Collection collection) =>
        Catalog(collection.CreatedAt, "create", collection.Name, new BsonDocument { { "options", collection.Options }, { "uuid", collection.Uuid } });

    public void Forgotten(ulong timestamp, Namespace name) => Catalog(timestamp, "forget", name, []);

    public void IndexAdded(ulong timestamp, Namespace name, IndexSpec spec) => Catalog(timestamp, "index", name, spec.ToBson());

    public void IndexRemoved(ulong timestamp, Namespace name, string index) => Catalog(timestamp, "unindex", name, new BsonDocument("name", index));

    public void IndexChanged(ulong timestamp, Namespace name, IndexSpec spec) => Catalog(timestamp, "reindex", name, spec.ToBson());

    public void Hold() => _mark ??= file.Position;

    public void Release() => _mark = null;

    public void TakeBack()
    {
        if (_mark is { } position)
        {
            file.CutAt(position);
            _mark = null;
        }
    }

    public void Dispose() => file.Dispose();

    private static BsonDocument Describe(Change change)
    {
        var described = new BsonDocument { { "k", change.Kind.ToString() }, { "d", change.Namespace.Database }, { "n", change.Namespace.Collection } };
        return change switch
        {
            { To: { } to } => described.Add("to", new BsonDocument { { "d", to.Database }, { "n", to.Collection } }),
            { After: { } after } => described.Add("a", new BsonBinaryData(after)),
            { Before: { } before } => described.Add("i", Raw.Decode(before)["_id"]),
            _ => described,
        };
    }

    private void Catalog(ulong timestamp, string what, Namespace name, BsonDocument detail) =>
        file.Append(new BsonDocument { { "t", (long)timestamp }, { "what", what }, { "d", name.Database }, { "n", name.Collection }, { "detail", detail } });
}
