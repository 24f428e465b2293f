using MongoDB.Bson;

namespace Demo.Checks;

/// <summary>What a check needs of an order, a shipment, or a view of one.</summary>
internal sealed record EntityState(string Id, string Status, long Version, string? Key, IReadOnlyList<(string Status, long Version)> History)
{
    public static EntityState From(BsonDocument document) => new(
        document["_id"].AsString,
        document["status"].AsString,
        document["version"].ToInt64(),
        Key: null,
        document.TryGetValue("history", out var history)
            ? history.AsBsonArray.Select(change => (change["status"].AsString, change["version"].ToInt64())).ToList()
            : []);
}
