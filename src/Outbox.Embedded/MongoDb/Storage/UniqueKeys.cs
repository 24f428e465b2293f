using MongoDB.Bson;
using Outbox.Embedded.MongoDb.Errors;
using Outbox.Embedded.MongoDb.Language.Documents;
using Outbox.Embedded.MongoDb.Language.Values;

namespace Outbox.Embedded.MongoDb.Storage;

/// Uniqueness as WiredTiger sees it: what an open transaction wrote, or what came after a snapshot, is a conflict before it is a duplicate.
internal static class UniqueKeys
{
    public static Transaction? FindBlocker(Collection collection, PreparedDocument document, Record? self, Transaction? transaction)
    {
        for (var i = 0; i < document.Indexes.Length; i++)
        {
            if (!document.Indexes[i].Spec.Unique)
            {
                continue;
            }

            foreach (var key in document.Keys[i])
            {
                if (Check(collection, document, (document.Indexes[i], key), self, transaction) is { } blocker)
                {
                    return blocker;
                }
            }
        }

        return null;
    }

    public static MongoError WriteConflict() => new(112, "WriteConflict", "WriteConflict error: this operation conflicted with another operation. Please retry your operation or multi-document transaction.");

    public static MongoError Duplicate(Collection collection, CollectionIndex index, BsonDocument document, byte[] key)
    {
        var (spec, value) = (index.Spec, index.KeyValue(document, key));
        return new(11000, "DuplicateKey", $"E11000 duplicate key error collection: {collection.Name} index: {spec.Name} dup key: {ShellText.Of(value)}")
        {
            Details = new BsonDocument { { "keyPattern", spec.KeyPattern }, { "keyValue", value } },
        };
    }

    private static Transaction? Check(Collection collection, PreparedDocument document, (CollectionIndex Index, byte[] Key) entry, Record? self, Transaction? transaction)
    {
        var (index, key) = entry;
        var entries = index.Entries;
        for (var at = entries.FirstAtLeast(new IndexEntry(key, null)); entries.TryGet(at, out var found); at = entries.Next(at))
        {
            if (!found.Key.AsSpan().SequenceEqual(key))
            {
                break;
            }

            if (found.Record == self)
            {
                continue;
            }

            var head = found.Record!.Head;
            if (head.Owner is { } other && other != transaction)
            {
                return transaction is null ? other : throw WriteConflict();
            }

            if (transaction is not null && head.Owner is null && head.Timestamp > transaction.Snapshot)
            {
                throw WriteConflict();
            }

            if (head.Data is not null && (head.Older is null || index.Covers(Raw.Decode(head.Data), key)))
            {
                throw Duplicate(collection, index, document.Document, key);
            }
        }

        return null;
    }
}
