using MongoDB.Bson;
using Outbox.Embedded.MongoDb.Errors;
using Outbox.Embedded.MongoDb.Language.Documents;
using Outbox.Embedded.MongoDb.Storage;

namespace Outbox.Embedded.MongoDb.Commands.Outputs;

/// The fields by which `$merge` knows a document again.
internal static class MergeKeys
{
    /// An index must keep the fields unique, and keep every document: it may be sparse, because each document that is merged has the fields.
    public static void CheckIndex(Collection? target, IReadOnlyList<string> fields)
    {
        var kept = target is null
            ? fields is ["_id"]
            : target.Indexes.Any(index => index.Spec.Unique && index.Spec.PartialFilter is null && fields.ToHashSet().SetEquals(index.Spec.Keys.Select(key => key.Path)));
        if (!kept)
        {
            throw MongoError.Location(51183, "Cannot find index to verify that join fields will be unique");
        }
    }

    public static BsonDocument WithKey(BsonDocument document, IReadOnlyList<string> fields) => document.Contains("_id") || !fields.Contains("_id")
        ? document : new BsonDocument("_id", ObjectId.GenerateNewId()).AddRange(document);

    /// The query for the document that has the same key.
    public static BsonDocument Of(BsonDocument document, IReadOnlyList<string> fields) =>
        new(fields.Select(field => new BsonElement(field, new BsonDocument("$eq", Value(document, field)))));

    /// The key was free a moment ago, and is not any more.
    public static bool IsTaken(MongoError error, IReadOnlyList<string> fields) =>
        error.Code == 11000 && error.Details?.GetValue("keyPattern", null) is BsonDocument taken && fields.ToHashSet().SetEquals(taken.Names);

    private static BsonValue Value(BsonDocument document, string field)
    {
        BsonValue? value = document;
        foreach (var part in field.Split('.'))
        {
            value = value is BsonArray ? value : (value as BsonDocument)?.Find(part);
        }

        return value switch
        {
            BsonArray => throw MongoError.Location(51185, $"$merge write error: 'on' field '{field}' cannot be an array, or within one"),
            _ when value.IsNullish() => throw MongoError.Location(51132, $"$merge write error: 'on' field '{field}' cannot be missing, null or undefined"),
            _ => value!,
        };
    }
}
