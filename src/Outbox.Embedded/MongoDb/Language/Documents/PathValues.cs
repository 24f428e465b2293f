using MongoDB.Bson;

namespace Outbox.Embedded.MongoDb.Language.Documents;

/// <summary>Every value that a path leads to, an array's elements one by one: what <c>distinct</c> and a join count.</summary>
internal static class PathValues
{
    public static IEnumerable<BsonValue> Of(BsonDocument document, FieldPath path) => From(document, path, 0);

    private static IEnumerable<BsonValue> From(BsonDocument document, FieldPath path, int part)
    {
        var value = document.Find(path.Parts[part++]);
        while (part <= path.Last && value is BsonArray positions && path.Index(part) >= 0)
        {
            value = positions.ElementAtOrDefault(path.Index(part++));
        }

        return value switch
        {
            null or BsonUndefined => [],
            BsonArray array when part > path.Last => array,
            BsonArray array => array.OfType<BsonDocument>().SelectMany(item => From(item, path, part)),
            BsonDocument inner when part <= path.Last => From(inner, path, part),
            _ => part > path.Last ? [value] : [],
        };
    }
}
