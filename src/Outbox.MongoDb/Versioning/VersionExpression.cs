using MongoDB.Bson;
using Outbox.Versioning;
using static Outbox.MongoDb.Expressions;

namespace Outbox.MongoDb.Versioning;

/// <summary><see cref="VersionRule"/> in the server's language: it decides there, in the same moment as the write.</summary>
internal static class VersionExpression
{
    /// <summary>Older than any timestamp, also than a missing one.</summary>
    private static readonly BsonDateTime Never = new(long.MinValue);

    private static readonly BsonDocument Lives = Op("$ne", "$" + StampFields.Deleted, true);

    /// <summary>Whether the document takes the change.</summary>
    public static BsonDocument Takes(StampFields fields, MessageStamp change, bool revives)
    {
        var newer = IsNewer(fields, change);
        return revives ? newer : Op("$and", newer, Lives);
    }

    private static BsonDocument IsNewer(StampFields fields, MessageStamp change) => change.Ordering switch
    {
        MessageOrdering.NewestTimestamp => IsLater(fields, new BsonDateTime(change.Timestamp.UtcDateTime), Literal(change.MessageId)),
        MessageOrdering.Partition => Op("$ne", "$" + fields.LastMessageId, Literal(change.MessageId)),
        _ => Op("$lt", fields.StoredVersion, change.Version),
    };

    private static BsonDocument IsLater(StampFields fields, BsonDateTime timestamp, BsonDocument messageId)
    {
        var stored = Op("$ifNull", "$" + fields.LastUpdated, Never);
        return Op(
            "$or",
            Op("$lt", stored, timestamp),
            Op("$and", Op("$eq", stored, timestamp), Op("$lt", Op("$ifNull", "$" + fields.LastMessageId, ""), messageId)));
    }

    /// <summary>An id that begins with a dollar sign is not a field.</summary>
    private static BsonDocument Literal(BsonValue value) => new("$literal", value);
}
