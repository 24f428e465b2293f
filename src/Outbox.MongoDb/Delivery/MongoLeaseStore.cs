using MongoDB.Bson;
using MongoDB.Driver;
using Outbox.Delivery.Leases;

namespace Outbox.MongoDb.Delivery;

/// <summary>Leases whose times are the server's: every comparison and every new end is computed from <c>$$NOW</c>, never from a host's clock.</summary>
internal sealed class MongoLeaseStore(OutboxCollections collections, IInstallation installation) : ILeaseStore
{
    private const string Now = "$$NOW";
    private static readonly BsonDocument Live = new("$gt", new BsonArray { "$expiresAt", Now });

    private static readonly FindOneAndUpdateOptions<BsonDocument> Seen = new() { IsUpsert = true, ReturnDocument = ReturnDocument.After };

    /// <inheritdoc/>
    public async Task<LeaseView> HeartbeatAsync(string owner, TimeSpan duration, CancellationToken cancellationToken)
    {
        await installation.EnsureAsync(cancellationToken).ConfigureAwait(false);
        var relay = await collections.Relays.FindOneAndUpdateAsync(
            new BsonDocument("_id", owner), Set(new BsonDocument("seenAt", Now)), Seen, cancellationToken).ConfigureAwait(false);
        await collections.Leases.UpdateManyAsync(
            new BsonDocument { { "owner", owner }, { "$expr", Live } },
            Set(new BsonDocument("expiresAt", In(duration))),
            cancellationToken: cancellationToken).ConfigureAwait(false);

        var relays = await CountRelaysAsync(duration, cancellationToken).ConfigureAwait(false);
        var leases = await collections.Leases.Aggregate<BsonDocument>(
            new[] { new BsonDocument("$match", new BsonDocument("$expr", Live)) }, cancellationToken: cancellationToken).ToListAsync(cancellationToken).ConfigureAwait(false);
        var byOwner = leases.ToLookup(lease => lease["owner"] == owner, lease => lease["_id"].ToInt32());
        return new LeaseView(relays, byOwner[true].ToHashSet(), byOwner[false].ToHashSet(), new DateTimeOffset(relay["seenAt"].ToUniversalTime()));
    }

    /// <inheritdoc/>
    public async Task<bool> TryAcquireAsync(int lane, string owner, TimeSpan duration, CancellationToken cancellationToken)
    {
        var taken = await collections.Leases.UpdateOneAsync(
            new BsonDocument { { "_id", lane }, { "$expr", new BsonDocument("$lte", new BsonArray { "$expiresAt", Now }) } },
            Set(new BsonDocument
            {
                { "owner", owner },
                { "epoch", new BsonDocument("$add", new BsonArray { "$epoch", 1L }) },
                { "expiresAt", In(duration) },
            }),
            cancellationToken: cancellationToken).ConfigureAwait(false);
        return taken.ModifiedCount == 1;
    }

    /// <inheritdoc/>
    public async Task<bool> OwnsAsync(int lane, string owner, CancellationToken cancellationToken)
    {
        var mine = new BsonDocument { { "_id", lane }, { "owner", owner }, { "$expr", Live } };
        return await collections.Leases.Find(mine).AnyAsync(cancellationToken).ConfigureAwait(false);
    }

    /// <inheritdoc/>
    public Task ReleaseAsync(IReadOnlyCollection<int> lanes, string owner, CancellationToken cancellationToken) =>
        collections.Leases.UpdateManyAsync(
            new BsonDocument { { "_id", new BsonDocument("$in", new BsonArray(lanes)) }, { "owner", owner } },
            Set(new BsonDocument("expiresAt", Now)),
            cancellationToken: cancellationToken);

    /// <inheritdoc/>
    public Task LeaveAsync(string owner, CancellationToken cancellationToken) =>
        collections.Relays.DeleteOneAsync(new BsonDocument("_id", owner), cancellationToken);

    private async Task<int> CountRelaysAsync(TimeSpan duration, CancellationToken cancellationToken)
    {
        var oldest = new BsonDocument("$subtract", new BsonArray { Now, (long)duration.TotalMilliseconds });
        var alive = new BsonDocument("$expr", new BsonDocument("$gt", new BsonArray { "$seenAt", oldest }));
        return (int)await collections.Relays.CountDocumentsAsync(alive, cancellationToken: cancellationToken).ConfigureAwait(false);
    }

    private static BsonDocument In(TimeSpan duration) => new("$add", new BsonArray { Now, (long)duration.TotalMilliseconds });

    private static UpdateDefinition<BsonDocument> Set(BsonDocument fields) =>
        Builders<BsonDocument>.Update.Pipeline(new BsonDocument[] { new("$set", fields) });
}
