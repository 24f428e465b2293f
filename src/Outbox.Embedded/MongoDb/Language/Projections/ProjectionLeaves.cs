using MongoDB.Bson;
using Outbox.Embedded.MongoDb.Errors;
using Outbox.Embedded.MongoDb.Language.Documents;

namespace Outbox.Embedded.MongoDb.Language.Projections;

/// <summary>A projection's fields, those of nested documents by their dotted paths.</summary>
internal static class ProjectionLeaves
{
    public static IEnumerable<(FieldPath Path, BsonValue Value)> Of(BsonDocument specification, int emptyCode) => Of("", specification, emptyCode);

    private static IEnumerable<(FieldPath Path, BsonValue Value)> Of(string prefix, BsonDocument specification, int emptyCode) =>
        specification.SelectMany(element => Leaf(prefix + Checked(element.Name), element.Value, emptyCode));

    private static IEnumerable<(FieldPath Path, BsonValue Value)> Leaf(string path, BsonValue value, int emptyCode) => value switch
    {
        BsonDocument { ElementCount: 0 } =>
            throw MongoError.Location(emptyCode, $"An empty object is not a valid value. Found empty object at path {path}"),
        BsonDocument { ElementCount: 1 } operation when operation.StartsWithDollar() => [(new FieldPath(path), value)],
        BsonDocument inner => Of(path + ".", inner, emptyCode),
        _ => [(new FieldPath(path), value)],
    };

    private static string Checked(string name)
    {
        var parts = name.Split('.');
        if (parts.Contains(""))
        {
            throw name.EndsWith('.') ? MongoError.Location(40353, "FieldPath must not end with a '.'.")
                : MongoError.Location(15998, "FieldPath field names may not be empty strings.");
        }

        if (parts.Length > 1 && parts[^1] == "$")
        {
            throw MongoError.Location(31324, "Cannot use positional projection in aggregation projection");
        }

        return Array.Exists(parts, part => part.StartsWith('$')) ? throw MongoError.Location(16410, $"FieldPath field names may not start with '$': {name}") : name;
    }
}
