using MongoDB.Bson;
using MongoDB.Driver;
using Outbox.Delivery.Publishing;
using Outbox.Delivery.Reporting;
using Outbox.Messages;
using Outbox.Operations.Explaining.Facts;
using static Outbox.MongoDb.Expressions;
using static Outbox.MongoDb.Operations.Explaining.TraceDocument;

namespace Outbox.MongoDb.Operations.Explaining;

/// <summary>Reads who relays a lane, and what the relays have written down.</summary>
internal sealed class RelayFacts(OutboxCollections collections)
{
    private const int Most = 1_000;

    private static readonly BsonDocument WithNow = new("$set", new BsonDocument("now", Now));
    private static readonly AggregateOptions ById = new() { Hint = TraceIndexes.Id };

    public async Task<LaneFacts?> ReadAsync(int lane, CancellationToken cancellationToken)
    {
        var lease = await collections.Leases.Find(new BsonDocument("_id", lane)).FirstOrDefaultAsync(cancellationToken).ConfigureAwait(false);
        if (lease is null)
        {
            return null;
        }

        var relays = await collections.Relays.Aggregate<BsonDocument>(
            new[] { new BsonDocument("$sort", TraceIndexes.Id), new BsonDocument("$limit", Most), WithNow }, ById, cancellationToken).ToListAsync(cancellationToken).ConfigureAwait(false);
        var owner = Text(lease, "owner");
        var live = relays.Where(IsLive).ToList();
        return new LaneFacts(lane, owner, Time(lease, "expiresAt") ?? default, relays.Find(relay => Text(relay, "_id") == owner) is { } known ? Time(known, "seenAt") : null)
        {
            Relays = live.Count,
            AnySeenAt = relays.Max(relay => Time(relay, "seenAt")),
            Places = [.. live.SelectMany(relay => relay.GetValue("places", new BsonArray()).AsBsonArray).Select(found => Place(found.AsBsonDocument)).DistinctBy(found => found.Place.Place)],
            Failing = [.. live.SelectMany(relay => relay.GetValue("failures", new BsonArray()).AsBsonArray).Select(found => Failure(found.AsBsonDocument))],
        };
    }

    private static bool IsLive(BsonDocument relay) => Time(relay, "now") - Time(relay, "seenAt") < LaneFacts.Silence;

    private static (ReportedPlace Place, DateTimeOffset Since) Place(BsonDocument found)
    {
        var partition = found["partition"] is { IsNumeric: true } number ? number.ToInt32() : (int?)null;
        return (new ReportedPlace(new Place(Text(found, "topic"), partition), Text(found, "reason") ?? "", TimeSpan.Zero), Time(found, "since") ?? default);
    }

    private static (ReportedFailure Failure, DateTimeOffset Since) Failure(BsonDocument found) => (
        new ReportedFailure(
            new Entity(Text(found, "entityType") ?? "", Text(found, "entityId") ?? ""), Text(found, "messageId") ?? "", found["failures"].ToInt32(), Text(found, "error") ?? "", TimeSpan.Zero),
        Time(found, "since") ?? default);
}
