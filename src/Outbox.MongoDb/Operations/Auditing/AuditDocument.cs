using MongoDB.Bson;
using Outbox.Operations;
using Outbox.Operations.Auditing;

namespace Outbox.MongoDb.Operations.Auditing;

/// <summary>An act as a document of <c>outbox.audit</c>.</summary>
internal static class AuditDocument
{
    /// <summary>The order of the list, backwards: the latest first.</summary>
    public static readonly BsonDocument Order = new() { { "at", -1 }, { "_id", -1 } };

    /// <summary>The index of the acts on a message.</summary>
    public static readonly BsonDocument MessageIndex = new("messageIds", 1);

    /// <summary>The index that has the order of the list, and what the filter narrows it to most.</summary>
    public static BsonDocument IndexFor(AuditFilter filter) =>
        filter.MessageId is not null ? MessageIndex
        : filter.EntityId is not null ? Index("entityId")
        : filter.OperationId is not null ? Index("operationId")
        : filter.By is not null ? Index("by.name")
        : Index();

    /// <summary>An index of the acts that have a field in common, in their order.</summary>
    public static BsonDocument Index(params string[] field) => new(field.Append("at").Append("_id").Select(name => new BsonElement(name, 1)));

    /// <summary>All but the id and the time, which is the server's.</summary>
    public static BsonDocument Of(AuditEntry entry) => new()
    {
        { "act", entry.Act },
        { "target", entry.Target },
        { "by", Of(entry.By) },
        { "messageIds", new BsonArray(entry.MessageIds) },
        { "entityType", entry.EntityType, entry.EntityType is not null },
        { "entityId", entry.EntityId, entry.EntityId is not null },
        { "topic", entry.Topic, entry.Topic is not null },
        { "endpoint", entry.Endpoint, entry.Endpoint is not null },
        { "operationId", entry.OperationId, entry.OperationId is not null },
        { "reason", entry.Reason },
        { "outcome", entry.Outcome },
        { "original", entry.Original, entry.Original is not null },
    };

    public static AuditEntry Read(BsonDocument document) => new(
        document["act"].AsString, document["target"].AsString, ReadActor(document["by"].AsBsonDocument), document["reason"].AsString, document["outcome"].AsString)
    {
        Id = document["_id"].AsObjectId.ToString(),
        At = new DateTimeOffset(document["at"].ToUniversalTime()),
        MessageIds = [.. document["messageIds"].AsBsonArray.Select(id => id.AsString)],
        EntityType = Text(document, "entityType"),
        EntityId = Text(document, "entityId"),
        Topic = Text(document, "topic"),
        Endpoint = Text(document, "endpoint"),
        OperationId = Text(document, "operationId"),
        Original = Text(document, "original"),
    };

    public static BsonDocument Of(AuditFilter filter)
    {
        var at = new BsonDocument
        {
            { "$gte", filter.From?.UtcDateTime ?? default, filter.From is not null },
            { "$lt", filter.Before?.UtcDateTime ?? default, filter.Before is not null },
        };
        return new BsonDocument
        {
            { "by.name", filter.By, filter.By is not null },
            { "act", filter.Act, filter.Act is not null },
            { "messageIds", filter.MessageId, filter.MessageId is not null },
            { "entityType", filter.EntityType, filter.EntityType is not null },
            { "entityId", filter.EntityId, filter.EntityId is not null },
            { "operationId", filter.OperationId, filter.OperationId is not null },
            { "at", at, at.ElementCount > 0 },
        };
    }

    public static BsonDocument Of(Actor actor) => new() { { "name", actor.Name }, { "kind", KindName(actor.Kind) }, { "via", actor.Via, actor.Via is not null } };

    public static Actor ReadActor(BsonDocument by)
    {
        var kind = by["kind"].AsString switch
        {
            "authenticated" => ActorKind.Authenticated,
            "claimed" => ActorKind.Claimed,
            _ => ActorKind.Application,
        };
        return Actor.Of(kind, by["name"].AsString) with { Via = Text(by, "via") };
    }

    private static string KindName(ActorKind kind) => kind switch
    {
        ActorKind.Authenticated => "authenticated",
        ActorKind.Claimed => "claimed",
        _ => "application",
    };

    private static string? Text(BsonDocument document, string name) => document.TryGetValue(name, out var value) ? value.AsString : null;
}
