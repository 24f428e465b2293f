using MongoDB.Bson;
using Outbox.Embedded.MongoDb.Language.Documents;

namespace Outbox.Embedded.MongoDb.Language.Updates.Arrays;

/// <summary>Elements ordered by fields of theirs, arrays as a whole; what has no such field counts as null.</summary>
internal sealed class ElementOrder(SortSpec sort) : IComparer<BsonValue>
{
    private readonly FieldPath[] _paths = [.. sort.Keys.Select(key => new FieldPath(key.Path))];

    public int Compare(BsonValue? x, BsonValue? y) => sort.CompareKeys(KeyOf(x), KeyOf(y));

    private BsonValue[] KeyOf(BsonValue? element) => Array.ConvertAll(_paths, path => At(element, path) ?? BsonNull.Value);

    private static BsonValue? At(BsonValue? value, FieldPath path)
    {
        for (var i = 0; i <= path.Last && value is not null; i++)
        {
            value = value is BsonArray array && i > 0 && path.Index(i) >= 0 ? array.ElementAtOrDefault(path.Index(i)) : (value as BsonDocument)?.Find(path.Parts[i]);
        }

        return value;
    }
}
