using MongoDB.Bson;
using MongoDB.Driver;
using Outbox.MongoDb.Operations.Explaining;
using Outbox.Operations.Seeing;

namespace Outbox.MongoDb.Operations.Seeing;

/// <summary>Reads the lanes, and the relays that have them.</summary>
internal sealed class LaneReading(OutboxCollections collections)
{
    /// <summary>There are as many as a service sets, and as many relays as it has processes.</summary>
    private const int Most = 1_000;

    /// <summary>A relay that runs shows itself several times in a lease, which is 10 seconds unless the service says otherwise.</summary>
    public static readonly TimeSpan Silence = TimeSpan.FromMinutes(1);

    public async Task<IReadOnlyList<LaneStatus>> LanesAsync(DateTimeOffset now, TimeSpan limit, CancellationToken cancellationToken)
    {
        var found = await All(collections.Leases, limit).ToListAsync(cancellationToken).ConfigureAwait(false);
        return found.ConvertAll(lease => LaneOf(lease, now));
    }

    /// <summary>The documents of all relays, by their names.</summary>
    public async Task<IReadOnlyDictionary<string, BsonDocument>> RelaysAsync(TimeSpan limit, CancellationToken cancellationToken)
    {
        var found = await All(collections.Relays, limit).ToListAsync(cancellationToken).ConfigureAwait(false);
        return found.ToDictionary(relay => relay["_id"].AsString, StringComparer.Ordinal);
    }

    /// <summary>The relays that live: they have lanes, or were seen lately.</summary>
    public static IReadOnlyList<RelayStatus> Living(IReadOnlyList<LaneStatus> lanes, IReadOnlyDictionary<string, BsonDocument> relays, DateTimeOffset now)
    {
        var owned = lanes.Where(lane => lane.Owner is not null).ToLookup(lane => lane.Owner!, lane => lane.Number);
        return [.. owned.Select(owner => owner.Key).Union(relays.Keys).Order(StringComparer.Ordinal)
            .Select(name => RelayOf(name, [.. owned[name]], relays.GetValueOrDefault(name)))
            .Where(relay => relay.Lanes.Count > 0 || now - relay.SeenAt < Silence)];
    }

    /// <summary>Of relays that have lanes: what a dead one has written is out of date.</summary>
    public static IReadOnlyList<ClosedPlace> Closed(IEnumerable<RelayStatus> relays, IReadOnlyDictionary<string, BsonDocument> documents) =>
    [
        .. relays.Where(relay => relay.Lanes.Count > 0).Select(relay => documents.GetValueOrDefault(relay.Name)?.GetValue("places", null)).OfType<BsonArray>()
            .SelectMany(places => places.OfType<BsonDocument>())
            .Select(closed => new ClosedPlace(
                TraceDocument.Text(closed, "topic"),
                closed["partition"].IsNumeric ? closed["partition"].ToInt32() : null,
                TraceDocument.Text(closed, "reason") ?? "",
                TraceDocument.Time(closed, "since") ?? default))
            .DistinctBy(closed => (closed.Topic, closed.Partition)),
    ];

    private static IFindFluent<BsonDocument, BsonDocument> All(IMongoCollection<BsonDocument> collection, TimeSpan limit) =>
        collection.Find(new BsonDocument(), new FindOptions { Hint = SeeingIndexes.Id, MaxTime = limit }).Sort(SeeingIndexes.Id).Limit(Most);

    private static LaneStatus LaneOf(BsonDocument lease, DateTimeOffset now)
    {
        var expires = TraceDocument.Time(lease, "expiresAt") is { } time && time > DateTimeOffset.UnixEpoch ? time : (DateTimeOffset?)null;
        var owner = TraceDocument.Text(lease, "owner") is { Length: > 0 } name ? name : null;
        return new LaneStatus(lease["_id"].ToInt32(), expires > now ? owner : null, lease.GetValue("epoch", 0L).ToInt64(), expires) { LastOwner = expires > now ? null : owner };
    }

    private static RelayStatus RelayOf(string name, IReadOnlyList<int> lanes, BsonDocument? document)
    {
        var seen = document is null ? null : TraceDocument.Time(document, "seenAt");
        return new RelayStatus(name, seen) { Lanes = lanes, Published = RunningTotals.Read(name, document?.GetValue("published", null), seen) };
    }
}
