using MongoDB.Bson;
using Outbox.Embedded.MongoDb.Errors;
using Outbox.Embedded.MongoDb.Language.Documents;
using Outbox.Embedded.MongoDb.Language.Values;

namespace Outbox.Embedded.MongoDb.Language.Stages.Writing;

/// <summary>A collection, in the pipeline's own database when none is named.</summary>
internal sealed record OutputTarget(string? Database, string Collection)
{
    /// <summary>Nothing when the value is neither a name nor a document.</summary>
    public static OutputTarget? Parse(string stage, BsonValue value) => value switch
    {
        BsonString name => new OutputTarget(null, name.Value),
        BsonDocument document => new OutputTarget(
            Checked(stage, document, "db", "coll").Find("db") is { } database ? Text(stage, "db", database) : null,
            Text(stage, "coll", document.Find("coll") ?? throw Missing(stage, "coll"))),
        _ => null,
    };

    public static BsonDocument Checked(string stage, BsonDocument document, params string[] known) =>
        document.Names.FirstOrDefault(name => !known.Contains(name)) is { } unknown
            ? throw MongoError.Location(40415, $"BSON field '{stage}.{unknown}' is an unknown field.") : document;

    public static MongoError Missing(string stage, string field) => MongoError.Location(40414, $"BSON field '{stage}.{field}' is missing but a required field");

    private static string Text(string stage, string field, BsonValue value) => value is BsonString text ? text.Value
        : throw MongoError.TypeMismatch($"BSON field '{stage}.{field}' is the wrong type '{TypeNames.Of(value)}', expected type 'string'");
}
