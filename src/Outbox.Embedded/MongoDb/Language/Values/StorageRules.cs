using MongoDB.Bson;

namespace Outbox.Embedded.MongoDb.Language.Values;

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

        foreach (var element in document)
        {
            var inner = path.Length == 0 ? element.Name : $"{path}.{element.Name}";
            if (element.Name.StartsWith('$') && (path.Length == 0 || element.Name is not ("$ref" or "$id" or "$db")))
            {
                throw DollarPrefixed(element.Name, inner);
            }

            CheckNames(element.Value, inner);
        }
    }

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
