using MongoDB.Bson;
using MongoDB.Driver;
using Outbox.Inbox;
using Outbox.Inbox.Sequencing;
using static Outbox.MongoDb.Expressions;

namespace Outbox.MongoDb.Inbox.Sequencing;

/// <summary>
/// How far a sequence has come: <c>version</c> was processed last; <c>waits</c> when messages of it may wait; <c>ready</c> when the turn of one may have come.
/// Every step of a sequence changes this document in its transaction, so that two of them never happen at once; <c>meetings</c> counts those that would change
/// nothing else.
/// </summary>
internal static class SequenceDocument
{
    public static BsonDocument Id(Sequence sequence) => new("_id", new BsonDocument
    {
        { "endpoint", sequence.Endpoint },
        { "topic", sequence.Topic },
        { "entityType", sequence.EntityType, sequence.EntityType.Length > 0 },
        { "entityId", sequence.EntityId },
    });

    /// <summary>The entity's messages in <c>inbox.parked</c>; those that version 0.1 stored do not say its type.</summary>
    public static BsonDocument EntityOf(Sequence sequence) => new()
    {
        { "endpoint", sequence.Endpoint },
        { "topic", sequence.Topic },
        { "entityId", sequence.EntityId },
        { "entityType", sequence.EntityType.Length == 0 ? BsonNull.Value : new BsonDocument("$in", new BsonArray { sequence.EntityType, BsonNull.Value }) },
    };

    public static Sequence Read(BsonDocument document)
    {
        var id = document["_id"].AsBsonDocument;
        return new Sequence(id["endpoint"].AsString, id["topic"].AsString, id["entityId"].AsString) { EntityType = id.GetValue("entityType", "").AsString };
    }

    /// <summary>The sequence that a document of <c>inbox.parked</c> waits in.</summary>
    public static Sequence OfParked(BsonDocument parked) =>
        new(parked["endpoint"].AsString, parked["topic"].AsString, parked["entityId"].AsString) { EntityType = parked.GetValue("entityType", "").AsString };

    public static long Version(BsonDocument? document) => document is null ? 0 : document.GetValue("version", 0L).ToInt64();

    public static bool Waits(BsonDocument? document) => document is not null && document.GetValue("waits", false).AsBoolean;

    /// <summary>What the owner was asked for last.</summary>
    public static AskedGap? Asked(BsonDocument? document, Sequence sequence) => document?.GetValue("asked", null) is BsonDocument asked
        ? new AskedGap(sequence, asked["from"].ToInt64(), asked["to"].ToInt64(), asked["count"].ToInt32()) { At = new DateTimeOffset(asked["at"].ToUniversalTime()) }
        : null;

    /// <summary>Notes what the owner is asked for.</summary>
    public static UpdateDefinition<BsonDocument> Ask(AskedGap gap) => Meet().Set("asked", new BsonDocument
    {
        { "from", gap.From }, { "to", gap.To }, { "at", gap.At.UtcDateTime }, { "count", gap.Count },
    });

    /// <summary>An update that changes nothing is not written, and meets no other transaction. This one always does.</summary>
    public static UpdateDefinition<BsonDocument> Meet() => Builders<BsonDocument>.Update.Inc("meetings", 1L);

    /// <summary>Steps to a version if the one before it was the last; otherwise leaves all as it is. Never fails on a duplicate key.</summary>
    public static UpdateDefinition<BsonDocument> Step(long version)
    {
        var isNext = Op("$eq", Op("$ifNull", "$version", 0L), version - 1);
        return Builders<BsonDocument>.Update.Pipeline(new BsonDocument[]
        {
            new("$set", new BsonDocument
            {
                { "version", Op("$cond", isNext, version, Op("$ifNull", "$version", 0L)) },
                { "ready", Op("$cond", Op("$and", isNext, Op("$eq", "$waits", true)), true, Op("$ifNull", "$ready", false)) },
            }),
        });
    }

    /// <summary>The messages of <c>inbox.parked</c> that wait in a sequence.</summary>
    public static BsonDocument Waiting(Sequence sequence) => Parked(sequence, "gap");

    public static BsonDocument Parked(Sequence sequence, string reason) => EntityOf(sequence).Add("reason", reason);
}
