using MongoDB.Bson;
using MongoDB.Driver;
using Outbox.Statistics;
using static Outbox.MongoDb.Expressions;

namespace Outbox.MongoDb.Statistics;

/// <summary>Reads how much there is, query after query, so that the server never has two of them.</summary>
internal sealed class MongoOutboxStatistics(OutboxCollections collections, PendingMessages pending, ParkedMessages parked, IInstallation installation) : IOutboxStatistics
{
    /// <inheritdoc/>
    public async Task<OutboxStatistics> ReadAsync(TimeSpan limit, CancellationToken cancellationToken)
    {
        await installation.EnsureAsync(cancellationToken).ConfigureAwait(false);
        var query = new BoundedQuery(limit);
        var outbox = await query.RunAsync("what could not be published", stop => parked.OfOutboxAsync(limit, stop), cancellationToken).ConfigureAwait(false);
        var inbox = await query.RunAsync("what could not be processed", stop => parked.OfInboxAsync(limit, stop), cancellationToken).ConfigureAwait(false);
        var statistics = new OutboxStatistics
        {
            Pending = await query.RunAsync("how many messages are pending", async stop => (long?)await pending.CountAsync(limit, stop).ConfigureAwait(false), cancellationToken).ConfigureAwait(false),
            Delayed = await query.RunAsync("how many messages are delayed", async stop => (long?)await pending.CountDelayedAsync(limit, stop).ConfigureAwait(false), cancellationToken).ConfigureAwait(false),
            OldestAge = await query.RunAsync(
                "the age of the oldest message", async stop => await pending.OldestAgeAsync(limit, stop).ConfigureAwait(false) ?? (TimeSpan?)TimeSpan.Zero, cancellationToken).ConfigureAwait(false),
            Parked = outbox is null || inbox is null ? null : [.. outbox, .. inbox],
            Gaps = await query.RunAsync("what waits for earlier versions", stop => parked.GapsAsync(limit, stop), cancellationToken).ConfigureAwait(false),
            UnownedLanes = await CountAsync(query, "which lanes have no owner", collections.Leases, Op("$lte", "$expiresAt", Now), cancellationToken).ConfigureAwait(false),
            Instances = await CountAsync(query, "which instances live", collections.Instances, Op("$gt", "$expiresAt", Now), cancellationToken).ConfigureAwait(false),
        };
        return statistics with { Unknown = query.Unknown };
    }

    /// <inheritdoc/>
    public async Task<bool> IsFreeAsync(int lane, TimeSpan limit, CancellationToken cancellationToken)
    {
        await installation.EnsureAsync(cancellationToken).ConfigureAwait(false);
        var free = new BsonDocument { { "_id", lane }, { "$expr", Op("$lte", "$expiresAt", Now) } };
        return await new BoundedQuery(limit).RunAsync("who has a lane", stop => collections.Leases.Find(free, new FindOptions { MaxTime = limit }).AnyAsync(stop), cancellationToken).ConfigureAwait(false);
    }

    /// <summary>Of a collection that has as many documents as there are lanes, or instances.</summary>
    private static Task<long?> CountAsync(BoundedQuery query, string what, IMongoCollection<BsonDocument> collection, BsonDocument expression, CancellationToken cancellationToken) => query.RunAsync(
        what,
        async stop => (long?)await collection.CountDocumentsAsync(
            new BsonDocument("$expr", expression), new CountOptions { Limit = PendingMessages.MostCounted, MaxTime = query.Limit }, stop).ConfigureAwait(false),
        cancellationToken);
}
