using MongoDB.Bson;
using MongoDB.Driver;
using Outbox.Inbox;
using Outbox.Inbox.Replaying;

namespace Outbox.MongoDb.Inbox;

/// <summary>
/// A record as a document of <c>inbox</c>. Of a message with several consumers it names, in <c>consumers</c>, those that have processed it; the field goes when all have, so that a record without
/// it is whole.
/// </summary>
internal static class InboxDocument
{
    /// <summary>The replay that the record was written in.</summary>
    public const string Replay = "replay";

    /// <summary>The outcome of a message that a person has given up.</summary>
    public const string Discarded = "discarded";

    private const string Consumers = "consumers";
    private const string Again = "again";

    /// <summary>What says how far a record is.</summary>
    public static BsonDocument Progress => new() { { Consumers, 1 }, { Replay, 1 }, { Again, 1 }, { "outcome", 1 } };

    public static BsonDocument Id(InboxRecord record) => new()
    {
        { "endpoint", record.Endpoint }, { "messageId", record.MessageId }, { "topic", record.Topic, record.Topic is not null },
    };

    /// <summary>All ids that the message may be known by: version 0.1 left the topic away.</summary>
    public static IEnumerable<BsonDocument> Ids(InboxRecord record) => record.Topic is null ? [Id(record)] : [Id(record), Id(record with { Topic = null })];

    public static BsonDocument ById(InboxRecord record) => new("_id", Id(record));

    /// <summary>Records that are not whole.</summary>
    public static BsonDocument Partly(InboxRecord record) => ById(record).Add(Consumers, new BsonDocument("$exists", true));

    /// <summary>Whether some of several consumers have not processed the message.</summary>
    public static bool IsPartly(BsonDocument document) => document.Contains(Consumers);

    public static BsonDocument Processed(InboxRecord record, DateTimeOffset now) => new()
    {
        { "_id", Id(record) },
        { "entityType", record.EntityType, record.EntityType is not null },
        { "entityId", record.EntityId, record.EntityId is not null },
        { "version", record.Version ?? 0L, record.Version is not null },
        { "type", record.Type },
        { "outcome", record.IsShared ? "partly" : "processed" },
        { "processedAt", now.UtcDateTime },
        { Consumers, new BsonArray { record.Consumer ?? "" }, record.IsShared },
        { Replay, record.Replay?.Generation ?? 0, record.Replay is not null },
    };

    /// <summary>The record of a message that is processed again, with who had processed it before: all, or, of several consumers, those that are named.</summary>
    public static BsonDocument Repeated(InboxRecord record, BsonDocument before, DateTimeOffset now) => Processed(record, now).Add(Again, before.GetValue(Consumers, true));

    /// <summary>The record of a message that was processed before and has no record any more.</summary>
    public static BsonDocument Repeated(InboxRecord record, DateTimeOffset now) => Processed(record, now).Add(Again, true);

    /// <summary>Whether it was written in the endpoint's last replay, or since. What a person has discarded stays so.</summary>
    public static bool IsOf(BsonDocument document, ReplayScope replay) =>
        document.GetValue(Replay, 0).ToInt32() >= replay.Generation || document.GetValue("outcome", "").AsString == Discarded;

    /// <summary>Whether the record's consumer had processed the message before the replay.</summary>
    public static bool WasDone(BsonDocument document, InboxRecord record) => document.TryGetValue(Again, out var before)
        && (before.IsBoolean ? before.AsBoolean : before.AsBsonArray.Contains(record.Consumer ?? ""));

    /// <summary>Whether the record's consumer has processed the message.</summary>
    public static bool IsDone(BsonDocument document, InboxRecord record) =>
        !document.TryGetValue(Consumers, out var done) || record.Consumer is null || done.AsBsonArray.Contains(record.Consumer);

    /// <summary>Whether the record is whole once its consumer has processed the message.</summary>
    public static bool Completes(BsonDocument? document, InboxRecord record) =>
        document is null || !document.TryGetValue(Consumers, out var done) ? !record.IsShared : record.Completes([.. done.AsBsonArray.Select(name => name.AsString)]);

    /// <summary>What another consumer changes.</summary>
    public static UpdateDefinition<BsonDocument> Next(InboxRecord record, bool completes, DateTimeOffset now) =>
        completes ? Whole("processed", now) : Builders<BsonDocument>.Update.AddToSet(Consumers, record.Consumer);

    public static UpdateDefinition<BsonDocument> Whole(string outcome, DateTimeOffset now) =>
        Builders<BsonDocument>.Update.Set("outcome", outcome).Set("processedAt", now.UtcDateTime).Unset(Consumers);
}
