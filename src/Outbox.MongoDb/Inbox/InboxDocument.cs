using MongoDB.Bson;
using Outbox.Inbox;

namespace Outbox.MongoDb.Inbox;

/// <summary>A record as a document of <c>inbox</c>.</summary>
internal static class InboxDocument
{
    public static BsonDocument Id(InboxRecord record) => new() { { "endpoint", record.Endpoint }, { "messageId", record.MessageId } };

    public static BsonDocument Processed(InboxRecord record, DateTimeOffset now) => new()
    {
        { "_id", Id(record) },
        { "entityId", record.EntityId, record.EntityId is not null },
        { "version", record.Version ?? 0L, record.Version is not null },
        { "type", record.Type },
        { "outcome", "processed" },
        { "processedAt", now.UtcDateTime },
    };
}
