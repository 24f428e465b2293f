using MongoDB.Bson;
using Outbox.Messages;

namespace Outbox.MongoDb.History;

/// <summary>The document of one event.</summary>
internal static class HistoryDocument
{
    public static BsonDocument Of(OutboxMessage message)
    {
        var document = new BsonDocument
        {
            { "_id", HistoryKey.Of(message) },
            { "messageId", message.MessageId },
            { "topic", message.Topic },
            { "type", message.Type },
            { "schemaVersion", message.SchemaVersion },
            { "payload", (BsonValue?)message.Payload ?? BsonNull.Value },
            { "headers", new BsonDocument(message.Headers.Select(header => new BsonElement(header.Key, header.Value))) },
            { "timestamp", message.Timestamp.UtcDateTime },
        };
        if (message.PartitionKey is { } key)
        {
            document.Add("partitionKey", key);
        }

        return document;
    }
}
