using MongoDB.Bson;
using Outbox.MongoDb.Delivery.Reading;
using Outbox.MongoDb.Inbox.Holding;
using Outbox.MongoDb.Operations.Auditing;
using Outbox.MongoDb.Operations.Explaining;

namespace Outbox.MongoDb.Installation;

/// <summary>All indexes, by what they are for.</summary>
internal static class WantedIndexes
{
    /// <summary>A relay that was killed leaves its name behind; it counts as gone after a lease, and is forgotten after this.</summary>
    private static readonly TimeSpan GoneForGood = TimeSpan.FromDays(1);

    /// <summary>How long it is known that there was an endpoint whose instances are all gone: over a weekend, and longer.</summary>
    private static readonly TimeSpan EndpointKnown = TimeSpan.FromDays(7);

    public static IReadOnlyList<WantedIndex> Of(CollectionNames names, OutboxOptions options, MongoDbOptions mongo) =>
    [
        new(names.Outbox, "sweep", SweepFilter.Index),
        new(names.Outbox, "due", SweepFilter.DueIndex, new("notBefore", new BsonDocument("$exists", true))),
        new(names.Parked, "hold", Keys("lane"), new("hold", true)),
        new(names.Parked, "held", Keys("entityId"), new("hold", true)),
        new(names.Parked, "topic", Keys("topic", "parkedAt")),
        new(names.InboxParked, "position", Keys("endpoint", "topic", "partition", "offset")),
        new(names.InboxParked, "sequence", Keys("endpoint", "topic", "reason", "entityId", "version")),
        new(names.InboxParked, "deadline", Keys("endpoint", "reason", "deadline")),
        new(names.InboxParked, "parkedAt", Keys("endpoint", "reason", "parkedAt")),
        new(names.InboxParked, "retry", Keys("endpoint", "topic"), new("retry", true)),
        new(names.InboxParked, "hold", HoldQueue.Keys, new("hold", true)),
        new(names.InboxSequences, "ready", Keys("_id.endpoint", "_id.topic"), new("ready", true)),
        new(names.Parked, "order", TraceIndexes.ParkedOrder),
        new(names.Sent, "entity", TraceIndexes.SentOrder),
        new(names.InboxParked, "list.entityId", TraceIndexes.InboxListed),
        new(names.InboxParked, "message", TraceIndexes.Message),
        new(names.InboxSequences, "entity", TraceIndexes.SequenceEntity),
        new(names.Audit, "latest", AuditDocument.Index()),
        new(names.Audit, "by", AuditDocument.Index("by.name")),
        new(names.Audit, "message", AuditDocument.MessageIndex),
        new(names.Audit, "entity", AuditDocument.Index("entityId")),
        new(names.Audit, "operation", AuditDocument.Index("operationId")),
        Expiring(names.Audit, "at", options.KeepAuditFor, "Outbox:KeepAuditFor"),
        Expiring(names.Pauses, "until", GoneForGood, "nothing but the framework"),
        Expiring(names.Inbox, "processedAt", options.DuplicateDetectionWindow, "Outbox:DuplicateDetectionWindow"),
        Expiring(names.InboxEndpoints, "expiresAt", EndpointKnown, "nothing but the framework"),
        Expiring(names.Relays, "seenAt", GoneForGood, "nothing but the framework"),
        .. options.KeepSentFor is { } kept ? [Expiring(names.Sent, "sentAt", kept, "Outbox:KeepSentFor")] : Array.Empty<WantedIndex>(),
        .. mongo.KeepTombstonesFor.Select(entity =>
            Expiring(entity.Key, "deletedAt", entity.Value, $"Outbox:MongoDb:KeepTombstonesFor:{entity.Key}") with { IsOurs = false }),
    ];

    private static WantedIndex Expiring(string collection, string field, TimeSpan after, string setting) =>
        new(collection, field, Keys(field)) { ExpireAfter = after, Setting = setting };

    private static BsonDocument Keys(params string[] fields) => new(fields.Select(field => new BsonElement(field, 1)));
}
