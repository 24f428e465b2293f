using MongoDB.Bson;

namespace Outbox.MongoDb.Operations.Explaining;

/// <summary>The indexes by which what there is of a message or an entity is found.</summary>
internal static class TraceIndexes
{
    /// <summary>An entity's parked messages, in the order in which they were to be published.</summary>
    public static readonly BsonDocument ParkedOrder = new() { { "entityId", 1 }, { "entityType", 1 }, { "version", 1 }, { "ordinal", 1 } };

    /// <summary>An entity's published messages, in their order.</summary>
    public static readonly BsonDocument SentOrder = ParkedOrder;

    /// <summary>An entity's consumed messages that are parked, the longest parked first.</summary>
    public static readonly BsonDocument InboxListed = new() { { "entityId", 1 }, { "parkedAt", 1 }, { "_id", 1 } };

    /// <summary>A consumed message that is parked, on each endpoint.</summary>
    public static readonly BsonDocument Message = new("messageId", 1);

    /// <summary>An entity's consumed messages that wait in a sequence, in its order.</summary>
    public static readonly BsonDocument Waiting = new() { { "endpoint", 1 }, { "topic", 1 }, { "reason", 1 }, { "entityId", 1 }, { "version", 1 } };

    /// <summary>An entity's sequences.</summary>
    public static readonly BsonDocument SequenceEntity = new("_id.entityId", 1);

    public static readonly BsonDocument Id = new("_id", 1);
}
