using System.Collections.Immutable;
using MongoDB.Bson;
using Outbox.Embedded.MongoDb.History;
using Outbox.Embedded.MongoDb.Indexing;
using Outbox.Embedded.MongoDb.Language.Documents;
using Outbox.Embedded.MongoDb.Language.Values;

namespace Outbox.Embedded.MongoDb.Storage;

/// A collection's records and indexes. Everything that changes is touched under the store's lock only.
internal sealed class Collection
{
    /// The option of a collection that serves one command, and is gone when the server starts again.
    public const string Temporary = "temp";

    private long _nextRecord;

    public Collection(Namespace name, BsonDocument options, ulong createdAt, Variables variables)
    {
        Name = name;
        Options = options;
        CreatedAt = ChangedAt = createdAt;
        Indexes = [new CollectionIndex(new IndexSpec("_id_", new BsonDocument("_id", 1)) { Unique = true }, variables, createdAt)];
    }

    public Namespace Name { get; private set; }

    public BsonDocument Options { get; private set; }

    public ulong CreatedAt { get; }

    /// When it was created or renamed, or last gained or lost an index.
    public ulong ChangedAt { get; set; }

    public BsonBinaryData Uuid { get; init; } = new(Guid.NewGuid(), GuidRepresentation.Standard);

    public OrderedSet<Record, ByRecordId> Records { get; } = new();

    /// Replaced as a whole, so that readers outside of the lock see one consistent set.
    public ImmutableArray<CollectionIndex> Indexes { get; set; }

    /// Committed documents, and their bytes.
    public long DocumentCount { get; set; }

    public long DocumentBytes { get; set; }

    public bool Dropped { get; set; }

    /// It was made for a transaction that was aborted: for all others it never was, and they find nothing in it.
    public bool NeverWas { get; set; }

    public long NextRecordId() => ++_nextRecord;

    /// Goes on under another name, no longer for a time only. Whoever was about to write to it by its old name finds what he prepared outdated.
    public void Rename(Namespace name, ulong timestamp)
    {
        Name = name;
        Options = new BsonDocument(Options.Where(option => option.Name != Temporary));
        ChangedAt = timestamp;
        Indexes = ImmutableArray.Create(Indexes.AsSpan());
    }

    /// Of a dropped collection only the name is left, whoever still holds it.
    public void Clear()
    {
        Records.Clear();
        foreach (var index in Indexes)
        {
            index.Entries.Clear();
        }
    }

    public void AddEntries(Record record, PreparedDocument document)
    {
        for (var i = 0; i < document.Indexes.Length; i++)
        {
            foreach (var key in document.Keys[i])
            {
                document.Indexes[i].Entries.Add(new IndexEntry(key, record));
            }

            if (document.Keys[i].Length > 1 || document.Indexes[i].MakesMultikey(document.Document))
            {
                document.Indexes[i].MarkMultikey();
            }
        }
    }

    /// Removes entries that belonged to versions now gone, unless a version that is left has the same key.
    public void RemoveEntries(Record record, IEnumerable<StaleEntry> entries)
    {
        List<BsonDocument>? left = null;
        foreach (var (index, key) in entries)
        {
            left ??= [.. VersionsOf(record)];
            if (!left.Exists(document => index.Covers(document, key)))
            {
                index.Entries.Remove(new IndexEntry(key, record));
            }
        }
    }

    public IEnumerable<StaleEntry> EntriesOf(byte[] data)
    {
        var document = Raw.Decode(data);
        foreach (var index in Indexes)
        {
            foreach (var key in index.KeysOf(document))
            {
                yield return new StaleEntry(index, key);
            }
        }
    }

    private static IEnumerable<BsonDocument> VersionsOf(Record record)
    {
        for (var version = record.Head; version is not null; version = version.Older!)
        {
            if (version.Data is not null)
            {
                yield return Raw.Decode(version.Data);
            }
        }
    }
}

/// A document with its keys in every index of its collection, made outside of the lock.
internal sealed record PreparedDocument(BsonDocument Document, byte[] Data, ImmutableArray<CollectionIndex> Indexes, byte[][][] Keys)
{
    public static PreparedDocument Create(Collection collection, BsonDocument document, byte[] data)
    {
        var indexes = collection.Indexes;
        var keys = new byte[indexes.Length][][];
        for (var i = 0; i < keys.Length; i++)
        {
            keys[i] = indexes[i].KeysOf(document);
        }

        return new PreparedDocument(document, data, indexes, keys);
    }

    /// The entries that this document has and the next one has not.
    public List<StaleEntry>? Missing(PreparedDocument? next)
    {
        List<StaleEntry>? missing = null;
        for (var i = 0; i < Indexes.Length; i++)
        {
            foreach (var key in Keys[i])
            {
                if (next is null || !Array.Exists(next.Keys[i], k => k.AsSpan().SequenceEqual(key)))
                {
                    (missing ??= []).Add(new StaleEntry(Indexes[i], key));
                }
            }
        }

        return missing;
    }
}
