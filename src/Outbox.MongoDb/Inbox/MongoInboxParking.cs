using MongoDB.Bson;
using MongoDB.Driver;
using Outbox.Inbox;

namespace Outbox.MongoDb.Inbox;

/// <summary>Parks consumed messages in <c>inbox.parked</c>.</summary>
internal sealed class MongoInboxParking(OutboxCollections collections, TimeProvider time) : IInboxParking
{
    /// <inheritdoc/>
    public Task ParkAsync(ParkedMessage message, CancellationToken cancellationToken)
    {
        // The value belongs to the identity: a topic that was created anew has other messages at the same offsets.
        var identity = new BsonDocument
        {
            { "endpoint", message.Endpoint },
            { "topic", message.Topic },
            { "partition", message.Partition },
            { "offset", message.Offset },
            { "value", Bytes(message.Value) },
        };
        return collections.InboxParked.UpdateOneAsync(
            identity, new BsonDocument("$set", Rest(message)), new UpdateOptions { IsUpsert = true }, cancellationToken);
    }

    private BsonDocument Rest(ParkedMessage message) => new()
    {
        { "key", Bytes(message.Key) },
        { "headers", new BsonArray(message.Headers.Select(header => new BsonDocument { { "name", header.Key }, { "value", Bytes(header.Value) } })) },
        { "messageId", message.MessageId, message.MessageId is not null },
        { "entityId", message.EntityId, message.EntityId is not null },
        { "version", message.Version ?? 0L, message.Version is not null },
        { "type", message.Type, message.Type is not null },
        { "reason", ReasonName(message.Reason) },
        { "error", message.Error },
        { "attempts", message.Attempts },
        { "parkedAt", time.GetUtcNow().UtcDateTime },
    };

    private static string ReasonName(ParkReason reason) => reason switch
    {
        ParkReason.Failed => "failed",
        ParkReason.Gap => "gap",
        _ => "unreadable",
    };

    private static BsonValue Bytes(byte[]? value) => value is null ? BsonNull.Value : new BsonBinaryData(value);
}
