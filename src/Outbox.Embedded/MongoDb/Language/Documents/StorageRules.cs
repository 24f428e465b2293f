using MongoDB.Bson;
using Outbox.Embedded.MongoDb.Errors;
using Outbox.Embedded.MongoDb.Language.Values;

namespace Outbox.Embedded.MongoDb.Language.Documents;

/// <summary>What may not be stored.</summary>
internal static class StorageRules
{
    public static MongoError DollarPrefixed(string name, string path) =>
        new(52, "DollarPrefixedFieldName", $"The dollar ($) prefixed field '{name}' in '{path}' is not valid for storage.");

    /// <summary>Names with a dollar are kept for operators; only those of a DBRef may be stored.</summary>
    public static void CheckNames(BsonValue value, string path)
    {
        if (value is BsonArray array)
        {
            foreach (var item in array)
            {
                CheckNames(item, path);
            }
        }

        if (value is not BsonDocument document)
        {
            return;
        }

        for (var i = 0; i < document.ElementCount; i++)
        {
            var element = document.GetElement(i);
            var inner = path.Length == 0 ? element.Name : $"{path}.{element.Name}";
            if (element.Name.StartsWith('$'))
            {
                CheckReference(document, i, inner);
            }

            CheckNames(element.Value, inner);
        }
    }

    /// <summary>A DBRef is $ref and $id, and perhaps $db, in this order.</summary>
    private static void CheckReference(BsonDocument document, int at, string path)
    {
        var problem = document.GetElement(at) switch
        {
            { Name: "$db", Value: not BsonString } => "The DBRef $db field must be a String",
            { Name: "$db" } when NameAt(document, at - 1) != "$id" => "Found $db field without a $id before it, which is invalid.",
            { Name: "$id" } when NameAt(document, at - 1) != "$ref" => "Found $id field without a $ref before it, which is invalid.",
            { Name: "$ref", Value: not BsonString } => "The DBRef $ref field must be a String",
            { Name: "$ref" } when NameAt(document, at + 1) != "$id" => "The DBRef $ref field must be followed by a $id field",
            { Name: "$db" or "$id" or "$ref" } => null,
            var other => throw DollarPrefixed(other.Name, path),
        };
        _ = problem is null ? problem : throw new MongoError(55, "InvalidDBRef", problem);
    }

    private static string? NameAt(BsonDocument document, int index) =>
        index >= 0 && index < document.ElementCount ? document.GetElement(index).Name : null;

    public static void CheckId(BsonDocument document)
    {
        if (document.Find("_id") is BsonArray or BsonRegularExpression or BsonUndefined)
        {
            throw new MongoError(53, "InvalidIdField", $"The '_id' value cannot be of type {TypeNames.Of(document["_id"])}");
        }
    }

    /// <summary>The document with its _id, if it has one, in the first place.</summary>
    public static BsonDocument IdFirst(BsonDocument document)
    {
        if (document.IndexOfName("_id") <= 0)
        {
            return document;
        }

        var ordered = new BsonDocument("_id", document["_id"]);
        ordered.AddRange(document.Where(element => element.Name != "_id"));
        return ordered;
    }
}
