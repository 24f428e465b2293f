using System.Globalization;
using System.Text.Json;
using MongoDB.Bson;

namespace Outbox.MongoDb.Installation;

/// <summary>What to type in mongosh.</summary>
internal static class IndexScript
{
    public static string Create(WantedIndex index)
    {
        string?[] options =
        [
            $"name: {Quoted(index.Name)}",
            index.Only is null ? null : $"partialFilterExpression: {Document(index.Only)}",
            index.ExpireAfter is null ? null : string.Create(CultureInfo.InvariantCulture, $"expireAfterSeconds: {index.Seconds}"),
        ];
        return $"{Collection(index.Collection)}.createIndex({Keys(index)}, {{ {string.Join(", ", options.Where(option => option is not null))} }});";
    }

    public static string Drop(string collection, string name) => $"{Collection(collection)}.dropIndex({Quoted(name)})";

    public static string Keys(WantedIndex index) => Document(index.Keys);

    public static string Collection(string name) => $"db.getCollection({Quoted(name)})";

    public static string Quoted(string text) => JsonSerializer.Serialize(text);

    private static string Document(BsonDocument document) => document.ToJson();
}
