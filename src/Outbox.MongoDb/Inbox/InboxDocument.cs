using MongoDB.Bson;
using Outbox.Inbox;

namespace Outbox.MongoDb.Inbox;

/// <summary>A record as a document of <c>inbox</c>.</summary>
internal static class InboxDocument
{
    public static BsonDocument Id(InboxRecord record) => new()
    {
        { "endpoint", record.Endpoint }, { "messageId", record.MessageId }, { "topic", record.Topic, record.Topic is not null },
    };

    /// <summary>All ids that the message may be known by: version 0.1 left the topic away.</summary>
    public static IEnumerable<BsonDocument> Ids(InboxRecord record) => record.Topic is null ? [Id(record)] : [Id(record), Id(record with { Topic = null })];

    public static BsonDocument Processed(InboxRecord record, DateTimeOffset now) => new()
    {
        { "_id", Id(record) },
        { "entityType", record.EntityType, record.EntityType is not null },
        { "entityId", record.EntityId, record.EntityId is not null },
        { "version", record.Version ?? 0L, record.Version is not null },
        { "type", record.Type },
        { "outcome", "processed" },
        { "processedAt", now.UtcDateTime },
    };
}
