using MongoDB.Bson;
using Outbox.Embedded.MongoDb.Errors;
using Outbox.Embedded.MongoDb.Language.Values;

namespace Outbox.Embedded.MongoDb.Language.Documents;

/// <summary>An order of documents. An array sorts by its least element ascending, by its greatest descending.</summary>
internal sealed class SortSpec : IComparer<BsonDocument>
{
    private readonly FieldPath[] _paths;
    private readonly (string Path, int Direction)[] _keys;

    private SortSpec((string Path, int Direction)[] keys)
    {
        _keys = keys;
        _paths = Array.ConvertAll(keys, key => new FieldPath(key.Path));
    }

    public IReadOnlyList<(string Path, int Direction)> Keys => _keys;

    public static SortSpec Parse(BsonDocument sort) => new([.. sort.Select(Key)]);

    public int Compare(BsonDocument? x, BsonDocument? y) => CompareKeys(KeyOf(x!), KeyOf(y!));

    /// <summary>What the document sorts by; to be taken once when many are sorted.</summary>
    public BsonValue[] KeyOf(BsonDocument document)
    {
        var keys = Keyed(document);
        var best = keys[0];
        for (var i = 1; i < keys.Count; i++)
        {
            best = CompareKeys(keys[i], best) < 0 ? keys[i] : best;
        }

        return best;
    }

    public int CompareKeys(BsonValue[] x, BsonValue[] y)
    {
        for (var i = 0; i < _keys.Length; i++)
        {
            var difference = BsonOrder.Instance.Compare(x[i], y[i]);
            if (difference != 0)
            {
                return difference * _keys[i].Direction;
            }
        }

        return 0;
    }

    /// <summary>Sorts; documents that compare as equal keep their order.</summary>
    public IEnumerable<BsonDocument> Sort(IEnumerable<BsonDocument> documents) =>
        _keys.Length == 0 ? documents
        : documents.Select(document => (Document: document, Key: KeyOf(document)))
            .OrderBy(pair => pair.Key, Comparer<BsonValue[]>.Create(CompareKeys))
            .Select(pair => pair.Document);

    private IReadOnlyList<BsonValue[]> Keyed(BsonDocument document)
    {
        try
        {
            return IndexKeys.Extract(document, _paths, keepsNested: true);
        }
        catch (MongoError error) when (error.Code == 171)
        {
            throw MongoError.BadValue("cannot sort with keys that are parallel arrays");
        }
    }

    private static (string Path, int Direction) Key(BsonElement element)
    {
        if (element.Value is BsonDocument)
        {
            throw MongoError.NotImplemented("Sorting by an expression such as $meta");
        }

        if (element.Name.Length == 0 || element.Name.StartsWith('$') || element.Name.Split('.').Contains(""))
        {
            throw MongoError.Location(15998, $"FieldPath field names may not be empty strings or start with '$': '{element.Name}'");
        }

        return Numbers.TryWhole(element.Value, out var direction) && direction is 1 or -1 ? (element.Name, (int)direction)
            : throw MongoError.Location(15975, "$sort key ordering must be 1 (for ascending) or -1 (for descending)");
    }
}
