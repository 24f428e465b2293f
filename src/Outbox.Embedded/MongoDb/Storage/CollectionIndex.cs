using MongoDB.Bson;
using Outbox.Embedded.MongoDb.Indexing;
using Outbox.Embedded.MongoDb.Language.Documents;
using Outbox.Embedded.MongoDb.Language.Filters;
using Outbox.Embedded.MongoDb.Language.Values;

namespace Outbox.Embedded.MongoDb.Storage;

/// An index: entries for every version that some reader may still see. Touched under the store's lock only.
internal sealed class CollectionIndex(IndexSpec spec, Variables variables, ulong createdAt)
{
    private readonly Filter? _partial = spec.PartialFilter is null ? null : Filter.Parse(spec.PartialFilter, variables);

    private readonly FieldPath[] _paths = [.. spec.Keys.Select(key => new FieldPath(key.Path))];

    public IndexSpec Spec { get; set; } = spec;

    public ulong CreatedAt { get; } = createdAt;

    public OrderedSet<IndexEntry, ByKey> Entries { get; } = new();

    /// Set once a document brought more than one key or an array: bounds and sorts then need more care.
    public bool Multikey { get; private set; }

    /// The keys of one document, encoded. Pure: called outside of the lock.
    public byte[][] KeysOf(BsonDocument document)
    {
        if ((_partial is not null && !_partial.Matches(document)) || (Spec.Sparse && !HasAnyKey(document)))
        {
            return [];
        }

        var extracted = IndexKeys.Extract(document, _paths);
        var keys = new byte[extracted.Count][];
        for (var i = 0; i < keys.Length; i++)
        {
            keys[i] = KeyEncoder.Encode(extracted[i], Spec.Keys);
        }

        return keys;
    }

    public bool Covers(BsonDocument document, byte[] key) => Array.Exists(KeysOf(document), k => k.AsSpan().SequenceEqual(key));

    public bool MakesMultikey(BsonDocument document) => !Multikey && Array.Exists(_paths, path => PassesArray(document, path));

    public void MarkMultikey() => Multikey = true;

    /// The document that a duplicate key error shows.
    public BsonDocument KeyValue(BsonDocument document, byte[] key)
    {
        foreach (var values in IndexKeys.Extract(document, _paths))
        {
            if (KeyEncoder.Encode(values, Spec.Keys).AsSpan().SequenceEqual(key))
            {
                return new BsonDocument(Spec.Keys.Select((k, i) => new BsonElement(k.Path, values[i])));
            }
        }

        return [];
    }

    private bool HasAnyKey(BsonDocument document) => Spec.Keys.Any(k => Exists(document, k.Path));

    private static bool Exists(BsonValue value, string path)
    {
        var dot = path.IndexOf('.', StringComparison.Ordinal);
        var name = dot < 0 ? path : path[..dot];
        return value switch
        {
            BsonDocument document => document.TryGetValue(name, out var next) && (dot < 0 || Exists(next, path[(dot + 1)..])),
            BsonArray array => array.Any(item => item is BsonDocument && Exists(item, path))
                || (int.TryParse(name, out var at) && at >= 0 && at < array.Count && (dot < 0 || Exists(array[at], path[(dot + 1)..]))),
            _ => false,
        };
    }

    private static bool PassesArray(BsonValue value, FieldPath path)
    {
        foreach (var name in path.Parts)
        {
            if (value is not BsonDocument document || !document.TryGetValue(name, out value!))
            {
                return value is BsonArray;
            }
        }

        return value is BsonArray;
    }
}
