using MongoDB.Bson;

namespace Outbox.MongoDb.Operations.Failures;

/// <summary>
/// The indexes that lists and bulk operations go along, which have their order: nothing is sorted, and no collection is read from end to end. Each list names its own, so that no choice of the server's
/// planner decides.
/// </summary>
internal static class FailureIndexes
{
    /// <summary>Those of a parked time; the last field is there for the groups, which read nothing but the index.</summary>
    public static readonly BsonDocument Groups = Listed(FailureFields.Group).Add("topic", 1).Add("endpoint", 1);

    public static readonly BsonDocument Discarded = new() { { "discardedAt", 1 }, { "_id", 1 } };

    /// <summary>The order in which messages were to be published, and a bulk operation takes them.</summary>
    public static readonly BsonDocument OutboxOrder = new() { { "entityId", 1 }, { "entityType", 1 }, { "version", 1 }, { "ordinal", 1 } };

    /// <summary>The order in which messages were to be processed.</summary>
    public static readonly BsonDocument InboxOrder = new() { { "endpoint", 1 }, { "topic", 1 }, { "entityId", 1 }, { "version", 1 }, { "partition", 1 }, { "offset", 1 } };

    /// <summary>Those that an operation has taken.</summary>
    public static readonly BsonDocument Operation = new(FailureFields.OperationId, 1);

    public static readonly BsonDocument HasOperation = new(FailureFields.OperationId, new BsonDocument("$exists", true));

    /// <summary>Discarded messages whose entity nothing has gone past.</summary>
    public static readonly BsonDocument Unpassed = new("entityId", 1);

    public static readonly BsonDocument IsUnpassed = new("passed", false);

    /// <summary>In the order of the list, those that have a field in common.</summary>
    public static BsonDocument Listed(params string[] field) => new(field.Append("parkedAt").Append("_id").Select(name => new BsonElement(name, 1)));

    /// <summary>The index for a list: by the field that narrows it most. No group is several values, whose messages are not in one order.</summary>
    public static BsonDocument For(BsonDocument filter) =>
        filter.Contains("entityId") ? Listed("entityId")
        : filter.GetValue(FailureFields.Group, BsonNull.Value).IsString ? Groups
        : filter.Contains("type") ? Listed("type")
        : filter.Contains("topic") ? Listed("topic")
        : filter.Contains("endpoint") ? Listed("endpoint")
        : Listed();
}
