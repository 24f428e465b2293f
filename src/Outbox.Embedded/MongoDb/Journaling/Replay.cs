using MongoDB.Bson;
using Outbox.Embedded.MongoDb.History;
using Outbox.Embedded.MongoDb.Indexing;
using Outbox.Embedded.MongoDb.Language.Documents;
using Outbox.Embedded.MongoDb.Queries;
using Outbox.Embedded.MongoDb.Storage;
using Outbox.Embedded.MongoDb.Timing;

namespace Outbox.Embedded.MongoDb.Journaling;

/// Does again what the journal says was done, each at its own time.
internal sealed class Replay(Store store)
{
    public static Journal Restore(Store store, string directory)
    {
        var file = JournalFile.Open(directory);
        try
        {
            var replay = new Replay(store);
            foreach (var entry in file.ReadAll())
            {
                store.ReplayAt((ulong)entry["t"].AsInt64);
                replay.Apply(entry);
            }

            store.ReplayAt(null);
            return new Journal(file);
        }
        catch
        {
            file.Dispose();
            throw;
        }
    }

    private static Namespace NameOf(BsonDocument entry) => new(entry["d"].AsString, entry["n"].AsString);

    private void Apply(BsonDocument entry)
    {
        if (entry.Contains("what"))
        {
            ApplyCatalog(entry["what"].AsString, NameOf(entry), entry["detail"].AsBsonDocument);
            return;
        }

        var changes = entry["c"].AsBsonArray;
        if (!entry.TryGetValue("x", out var id))
        {
            ApplyChange(changes[0].AsBsonDocument, null);
            return;
        }

        var transaction = new Transaction(new TransactionId(id["lsid"].AsBsonDocument, id["number"].AsInt64), store.OpenSnapshot(false), 0);
        foreach (var change in changes)
        {
            ApplyChange(change.AsBsonDocument, transaction);
        }

        store.Writes.Commit(transaction);
    }

    private void ApplyCatalog(string what, Namespace name, BsonDocument detail)
    {
        if (what == "create")
        {
            store.Catalog.Restore(name, detail["options"].AsBsonDocument, detail["uuid"].AsBsonBinaryData);
            return;
        }

        var collection = Existing(name);
        switch (what)
        {
            case "forget":
                store.Catalog.Forget(collection);
                break;
            case "index":
                store.Catalog.AddIndex(collection, IndexSpec.Parse(detail, store.Catalog.Variables));
                break;
            case "unindex":
                store.Catalog.RemoveIndexes(collection, [.. collection.Indexes.Where(i => i.Spec.Name == detail["name"])]);
                break;
            case "reindex":
                var spec = IndexSpec.Parse(detail, store.Catalog.Variables);
                store.Catalog.ChangeIndex(collection, collection.Indexes.First(i => i.Spec.Name == spec.Name), spec);
                break;
            default:
                throw new InvalidOperationException($"The journal has an entry '{what}' that this version does not know. Use the version that wrote it, or remove the file.");
        }
    }

    private void ApplyChange(BsonDocument change, Transaction? transaction)
    {
        var kind = Enum.Parse<ChangeKind>(change["k"].AsString);
        switch (kind)
        {
            case ChangeKind.Drop:
                store.Catalog.Drop(Existing(NameOf(change)));
                return;
            case ChangeKind.DropDatabase:
                store.Catalog.DropDatabase(change["d"].AsString);
                return;
            case ChangeKind.Rename:
                store.Catalog.Rename(Existing(NameOf(change)), NameOf(change["to"].AsBsonDocument));
                return;
        }

        var collection = Existing(NameOf(change));
        var data = change.TryGetValue("a", out var bytes) ? bytes.AsBsonBinaryData.Bytes : null;
        var after = data is null ? null : PreparedDocument.Create(collection, Raw.Decode(data), data);
        var result = kind == ChangeKind.Insert
            ? store.Writes.Insert(collection, after!, transaction)
            : store.Writes.Replace(Find(collection, after?.Document["_id"] ?? change["i"], transaction), after, kind, transaction);
        if (result.Status != WriteStatus.Done)
        {
            throw new InvalidOperationException($"The journal's {kind} in {collection.Name} does not fit what came before it. Restore the file, or remove it to start empty.");
        }
    }

    private Target Find(Collection collection, BsonValue id, Transaction? transaction)
    {
        var query = Query.Parse(new BsonDocument("_id", new BsonDocument("$eq", id)), store.Catalog.Variables);
        var scope = new ReadScope(transaction, false, new Budget(store.Clock.Time, null, CancellationToken.None));
        var found = query.Run(store, collection, scope).FirstOrDefault()
            ?? throw new InvalidOperationException($"The journal changes a document of {collection.Name} that is not there: _id {id}. Restore the file, or remove it to start empty.");
        return new Target(collection, found.Record, found.Version, PreparedDocument.Create(collection, found.Document, found.Data));
    }

    private Collection Existing(Namespace name) => store.Catalog.Find(name)
        ?? throw new InvalidOperationException($"The journal names the collection {name}, which is not there. Restore the file, or remove it to start empty.");
}
