using MongoDB.Bson;
using Outbox.History.Storing;
using Outbox.Messages;

namespace Outbox.MongoDb.History;

/// <summary>The document of an entity's snapshot. What is wrong with one is no error: a snapshot is made again.</summary>
internal static class SnapshotDocument
{
    public static BsonDocument Of(Entity entity, StoredSnapshot snapshot) => new()
    {
        { "_id", HistoryKey.Single(entity) },
        { "version", snapshot.Version },
        { "schema", snapshot.Schema },
        { "state", snapshot.State },
    };

    public static StoredSnapshot? Read(BsonDocument? document) =>
        document is not null && Number(document, "version") is { } version && Number(document, "schema") is { } schema && document.GetValue("state", null) is BsonString state
            ? new StoredSnapshot(version, (int)schema, state.Value)
            : null;

    public static long? Number(BsonDocument document, string field) => document.GetValue(field, null) is { IsNumeric: true } number ? number.ToInt64() : null;
}
