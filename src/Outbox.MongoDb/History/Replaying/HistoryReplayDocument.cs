using MongoDB.Bson;
using MongoDB.Driver;
using Outbox.Delivery.Health;
using Outbox.History.Replaying;
using Outbox.History.Storing;
using Outbox.Messages;
using static Outbox.MongoDb.Expressions;

namespace Outbox.MongoDb.History.Replaying;

/// <summary>The documents of <c>history.replays</c>, one for each topic that a history goes to.</summary>
internal static class HistoryReplayDocument
{
    private static readonly HistoryReplayState[] Active = [HistoryReplayState.Waiting, HistoryReplayState.Running, HistoryReplayState.Cancelling];

    /// <summary>Those that have not ended.</summary>
    public static BsonDocument IsActive { get; } = new("state", new BsonDocument("$in", new BsonArray(Active.Select(NameOf))));

    /// <summary>Those that have not ended and wait because of an error.</summary>
    public static BsonDocument Waits { get; } = new BsonDocument(IsActive).Add("error", new BsonDocument("$ne", BsonNull.Value));

    public static string NameOf(HistoryReplayState state) => state.ToString().ToLowerInvariant();

    /// <summary>The last request for a topic, if it is this one.</summary>
    public static BsonDocument Of(string into, string requestId) => new() { { "_id", into }, { "requestId", requestId } };

    /// <summary>What a replay begins with. Nothing of an earlier one to the same topic is left.</summary>
    public static UpdateDefinition<BsonDocument> Begin(ReplayHistory ask) => Set(new BsonDocument
    {
        { "requestId", Literal(ask.RequestId) },
        { "topic", Literal(ask.Topic) },
        { "endpoint", Literal(ask.Endpoint) },
        { "state", NameOf(HistoryReplayState.Waiting) },
        { "place", BsonNull.Value },
        { "events", 0L },
        { "total", BsonNull.Value },
        { "error", BsonNull.Value },
        { "lease", BsonNull.Value },
        { "notBefore", BsonNull.Value },
        { "requestedAt", Now },
        { "endedAt", BsonNull.Value },
    });

    public static UpdateDefinition<BsonDocument> Set(BsonDocument fields) => Builders<BsonDocument>.Update.Pipeline(new BsonDocument[] { new("$set", fields) });

    public static BsonDocument Literal(BsonValue value) => new("$literal", value);

    public static BsonDocument Lease(string instance, TimeSpan duration) => new() { { "owner", Literal(instance) }, { "expiresAt", In(duration) } };

    public static BsonValue PlaceOf(HistoryPlace place) =>
        Literal(new BsonDocument { { "entityType", place.Entity.Type }, { "entityId", place.Entity.Id }, { "version", place.Version } });

    public static BsonValue TextOf(string? text) => text is null ? BsonNull.Value : Literal(text);

    public static HistoryReplay Read(BsonDocument document) =>
        new(document["_id"].AsString, document["requestId"].AsString, document["topic"].AsString, document["endpoint"].AsString, StateOf(document))
        {
            Place = document["place"] is BsonDocument place ? new HistoryPlace(new Entity(place["entityType"].AsString, place["entityId"].AsString), place["version"].ToInt64()) : null,
            Events = document["events"].ToInt64(),
            Total = document["total"].IsBsonNull ? null : document["total"].ToInt64(),
            SteppedAt = document.GetValue("steppedAt", BsonNull.Value) is BsonDateTime at ? new DateTimeOffset(at.ToUniversalTime()) : null,
            Error = document["error"].IsBsonNull ? null : document["error"].AsString,
        };

    /// <summary>One of those that wait because of an error.</summary>
    public static WaitingReplay ReadWaiting(BsonDocument document) => new(document["topic"].AsString, document["_id"].AsString, document["error"].AsString);

    public static HistoryReplayState StateOf(BsonDocument document) => Enum.Parse<HistoryReplayState>(document["state"].AsString, ignoreCase: true);
}
