using MongoDB.Bson;
using Outbox.History.Storing;
using Outbox.Messages;

namespace Outbox.MongoDb.History;

/// <summary>
/// The key of an event. Embedded documents are ordered field by field, and one that ends sooner comes first, so the index of <c>_id</c> has the events of an entity together in the order of their
/// versions, and the entities of a type together in the order of their ids.
/// </summary>
internal static class HistoryKey
{
    public static BsonDocument Of(Entity entity, BsonValue version) => new() { { "entityType", entity.Type }, { "entityId", entity.Id }, { "version", version } };

    public static BsonDocument Of(OutboxMessage message) => Of(message.Entity, message.Version);

    /// <summary>An entity's versions from one to another, both included.</summary>
    public static BsonDocument Range(Entity entity, long from, long to) => Between(("$gte", Of(entity, from)), ("$lte", Of(entity, to)));

    /// <summary>All events of an entity.</summary>
    public static BsonDocument All(Entity entity) => Between(("$gt", Of(entity, BsonMinKey.Value)), ("$lt", Of(entity, BsonMaxKey.Value)));

    /// <summary>All events of a type of entities that come after a place.</summary>
    public static BsonDocument After(string entityType, HistoryPlace? place) => Between(
        ("$gt", place is { } last ? Of(last.Entity, last.Version) : new BsonDocument("entityType", entityType)),
        ("$lt", new BsonDocument { { "entityType", entityType }, { "entityId", BsonMaxKey.Value } }));

    /// <summary>The key of what there is one of for each entity.</summary>
    public static BsonDocument Single(Entity entity) => new() { { "entityType", entity.Type }, { "entityId", entity.Id } };

    private static BsonDocument Between(params (string Comparison, BsonDocument Key)[] bounds) =>
        new("_id", new BsonDocument(bounds.Select(bound => new BsonElement(bound.Comparison, bound.Key))));
}
