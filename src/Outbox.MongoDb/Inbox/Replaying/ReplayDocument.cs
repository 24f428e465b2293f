using MongoDB.Bson;
using Outbox.Inbox.Replaying;

namespace Outbox.MongoDb.Inbox.Replaying;

/// <summary>The documents of <c>inbox.replays</c>, <c>inbox.endpoints</c> and <c>replay.snapshots</c>.</summary>
internal static class ReplayDocument
{
    public static BsonDocument ById(EndpointReplay replay) => new() { { "_id", replay.Endpoint }, { "generation", replay.Generation } };

    public static BsonDocument NotDone { get; } = new("$ne", PhaseName(ReplayPhase.Done));

    /// <summary>This one, unless it is done.</summary>
    public static BsonDocument Open(EndpointReplay replay) => ById(replay).Add("phase", NotDone);

    /// <summary>Ends one before its time, and says why beside why it began.</summary>
    public static BsonDocument Ended(EndpointReplay replay, string why) =>
        new("$set", new BsonDocument { { "phase", PhaseName(ReplayPhase.Done) }, { "reason", $"{replay.Reason} ({why})" } });

    public static string PhaseName(ReplayPhase phase) => phase.ToString().ToLowerInvariant();

    public static EndpointReplay Read(BsonDocument document) => new(
        document["_id"].AsString, document["generation"].ToInt32(), Enum.Parse<ReplayPhase>(document["phase"].AsString, ignoreCase: true), From(document), document["reason"].AsString)
    {
        Snapshot = document.GetValue("snapshot", BsonNull.Value) is BsonString taken ? taken.Value : null,
        Collections = [.. document["collections"].AsBsonArray.Select(name => name.AsString)],
        Processed = Offsets(document["processed"]),
        Until = Offsets(document["until"]),
    };

    public static BsonDocument Of(EndpointReplay replay) => new()
    {
        { "generation", replay.Generation },
        { "phase", PhaseName(replay.Phase) },
        { "from", FromOf(replay.From) },
        { "snapshot", (BsonValue?)replay.Snapshot ?? BsonNull.Value },
        { "collections", new BsonArray(replay.Collections) },
        { "reason", replay.Reason },
        { "processed", Offsets(replay.Processed) },
        { "until", Offsets(replay.Until) },
    };

    public static BsonArray Offsets(IEnumerable<PartitionOffset> offsets) =>
        new(offsets.Select(offset => new BsonDocument { { "topic", offset.Topic }, { "partition", offset.Partition }, { "offset", offset.Offset } }));

    public static IReadOnlyList<PartitionOffset> Offsets(BsonValue offsets) =>
        [.. offsets.AsBsonArray.Select(offset => new PartitionOffset(offset["topic"].AsString, offset["partition"].ToInt32(), offset["offset"].ToInt64()))];

    public static BsonDocument Of(EndpointPresence presence) =>
        new("_id", new BsonDocument { { "endpoint", presence.Endpoint }, { "topic", presence.Topic }, { "instance", presence.Instance } });

    public static EndpointPresence ReadPresence(BsonDocument document) =>
        new(document["_id"]["endpoint"].AsString, document["_id"]["topic"].AsString, document["_id"]["instance"].AsString)
        {
            Stopped = document["stopped"].ToInt32(),
            InSequence = document["inSequence"].AsBoolean,
            HasBatches = document["batches"].AsBoolean,
        };

    public static ReplaySnapshot ReadSnapshot(BsonDocument document) => new(
        document["_id"].AsString,
        document["endpoint"].AsString,
        new DateTimeOffset(document["at"].ToUniversalTime()),
        [.. document["collections"].AsBsonArray.Select(name => name.AsString)],
        Offsets(document["offsets"]),
        document["reason"].AsString);

    private static BsonDocument FromOf(ReplayFrom from) => new()
    {
        { "offsets", Offsets(from.Offsets) },
        { "time", (BsonValue?)from.Time?.UtcDateTime ?? BsonNull.Value },
        { "snapshot", (BsonValue?)from.Snapshot ?? BsonNull.Value },
    };

    private static ReplayFrom From(BsonDocument document)
    {
        var from = document["from"].AsBsonDocument;
        return from["snapshot"] is BsonString snapshot ? ReplayFrom.OfSnapshot(snapshot.Value)
            : from["time"] is BsonDateTime time ? ReplayFrom.Since(new DateTimeOffset(time.ToUniversalTime()))
            : Offsets(from["offsets"]) is { Count: > 0 } offsets ? ReplayFrom.At(offsets)
            : ReplayFrom.Beginning;
    }
}
