using MongoDB.Bson;
using MongoDB.Driver;
using Outbox.Inbox;
using Outbox.MongoDb.Inbox.Parking;
using Outbox.Statistics;
using static Outbox.MongoDb.Expressions;

namespace Outbox.MongoDb.Statistics;

/// <summary>How much is parked, by place and reason. Places are found by skipping through an index, and counted up to a limit by its keys, so that it costs the same however much there is.</summary>
internal sealed class ParkedMessages(OutboxCollections collections)
{
    /// <summary>How many topics, or endpoints, are looked at.</summary>
    private const int MostPlaces = 1_000;

    private static readonly ParkReason[] Reasons = [ParkReason.Failed, ParkReason.Unreadable, ParkReason.Held];

    private static readonly ParkReason[] All = [.. Reasons, ParkReason.Gap];

    /// <summary>What could not be published.</summary>
    public async Task<IReadOnlyList<ParkedCount>> OfOutboxAsync(TimeSpan limit, CancellationToken cancellationToken)
    {
        var counts = new List<ParkedCount>();
        foreach (var topic in await PlacesAsync(collections.Parked, "topic", limit, cancellationToken).ConfigureAwait(false))
        {
            counts.AddRange(await CountAsync(collections.Parked, topic, ParkReason.Failed, new BsonDocument("topic", topic), limit, cancellationToken).ConfigureAwait(false));
        }

        return counts;
    }

    /// <summary>What was consumed and could not be processed or read, or queues behind such a message.</summary>
    public Task<IReadOnlyList<ParkedCount>> OfInboxAsync(TimeSpan limit, CancellationToken cancellationToken) => OfInboxAsync(Reasons, limit, cancellationToken);

    /// <summary>All that was consumed and is parked, for whatever reason, of as many endpoints as there are.</summary>
    public Task<IReadOnlyList<ParkedCount>> OfWholeInboxAsync(TimeSpan limit, CancellationToken cancellationToken) => OfInboxAsync(All, limit, cancellationToken);

    /// <summary>What waits for an earlier version of its entity.</summary>
    public Task<IReadOnlyList<ParkedCount>> GapsAsync(TimeSpan limit, CancellationToken cancellationToken) => OfInboxAsync([ParkReason.Gap], limit, cancellationToken);

    /// <summary>The endpoints that have something parked.</summary>
    public Task<IReadOnlyList<string>> EndpointsAsync(TimeSpan? limit, CancellationToken cancellationToken) => PlacesAsync(collections.InboxParked, "endpoint", limit, cancellationToken);

    private async Task<IReadOnlyList<ParkedCount>> OfInboxAsync(ParkReason[] reasons, TimeSpan limit, CancellationToken cancellationToken)
    {
        var counts = new List<ParkedCount>();
        foreach (var endpoint in await EndpointsAsync(limit, cancellationToken).ConfigureAwait(false))
        {
            foreach (var reason in reasons)
            {
                var filter = new BsonDocument { { "endpoint", endpoint }, { "reason", ParkedDocument.ReasonName(reason) } };
                counts.AddRange(await CountAsync(collections.InboxParked, endpoint, reason, filter, limit, cancellationToken).ConfigureAwait(false));
            }
        }

        return counts.ConvertAll(count => count with { IsInbox = true });
    }

    private static async Task<IReadOnlyList<string>> PlacesAsync(IMongoCollection<BsonDocument> parked, string field, TimeSpan? limit, CancellationToken cancellationToken)
    {
        var values = await parked.DistinctAsync<BsonValue>(field, new BsonDocument(), new DistinctOptions { MaxTime = limit }, cancellationToken).ConfigureAwait(false);
        var places = await values.ToListAsync(cancellationToken).ConfigureAwait(false);
        return [.. places.OfType<BsonString>().Select(place => place.Value).Take(MostPlaces)];
    }

    private static async Task<ParkedCount[]> CountAsync(
        IMongoCollection<BsonDocument> parked, string place, ParkReason reason, BsonDocument filter, TimeSpan limit, CancellationToken cancellationToken)
    {
        var counted = new CountOptions { Limit = PendingMessages.MostCounted, MaxTime = limit };
        var count = await parked.CountDocumentsAsync(filter, counted, cancellationToken).ConfigureAwait(false);
        if (count == 0)
        {
            return [];
        }

        BsonDocument[] oldest =
        [
            new("$match", filter), new("$sort", new BsonDocument("parkedAt", 1)), new("$limit", 1),
            new("$project", new BsonDocument { { "_id", 0 }, { "age", Op("$subtract", Now, "$parkedAt") } }),
        ];
        var first = await parked.Aggregate<BsonDocument>(oldest, new AggregateOptions { MaxTime = limit }, cancellationToken).FirstOrDefaultAsync(cancellationToken).ConfigureAwait(false);
        return [new ParkedCount(place, reason.ToString(), count, TimeSpan.FromMilliseconds(first?.GetValue("age", null) is BsonInt64 age ? Math.Max(0, age.Value) : 0))];
    }
}
