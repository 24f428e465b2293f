using MongoDB.Bson;
using MongoDB.Driver;
using Outbox.Delivery;
using Outbox.Delivery.Leases;
using static Outbox.MongoDb.Expressions;

namespace Outbox.MongoDb.Delivery;

/// <summary>Leases whose times are the server's: every comparison and every new end is computed from <c>$$NOW</c>, never from a host's clock.</summary>
internal sealed class MongoLeaseStore(OutboxCollections collections, IInstallation installation, RelayMetrics metrics) : ILeaseStore
{
    private static readonly BsonDocument Live = Op("$gt", "$expiresAt", Now);

    /// <summary>That a relay lives is worth no majority: the leases' own write is the one that waits for it.</summary>
    private readonly IMongoCollection<BsonDocument> _relays = collections.Relays.WithWriteConcern(WriteConcern.W1).WithReadConcern(ReadConcern.Local);

    private static readonly FindOneAndUpdateOptions<BsonDocument> Seen = new() { IsUpsert = true, ReturnDocument = ReturnDocument.After };

    /// <inheritdoc/>
    public async Task<LeaseView> HeartbeatAsync(string owner, TimeSpan duration, CancellationToken cancellationToken)
    {
        await installation.EnsureAsync(cancellationToken).ConfigureAwait(false);
        var relay = await _relays.FindOneAndUpdateAsync(
            new BsonDocument("_id", owner), Set(new BsonDocument { { "seenAt", Now }, { "published", RunningTotals.Of("published", metrics.Total) } }), Seen, cancellationToken).ConfigureAwait(false);
        await collections.Leases.UpdateManyAsync(
            new BsonDocument { { "owner", owner }, { "$expr", Live } },
            Set(new BsonDocument("expiresAt", In(duration))),
            cancellationToken: cancellationToken).ConfigureAwait(false);

        var relays = 1 + await CountOthersAsync(owner, duration, cancellationToken).ConfigureAwait(false);
        var leases = await collections.Leases.Aggregate<BsonDocument>(
            new[] { new BsonDocument("$match", new BsonDocument("$expr", Live)) }, cancellationToken: cancellationToken).ToListAsync(cancellationToken).ConfigureAwait(false);
        var byOwner = leases.ToLookup(lease => lease["owner"] == owner, lease => lease["_id"].ToInt32());
        return new LeaseView(relays, byOwner[true].ToHashSet(), byOwner[false].ToHashSet(), new DateTimeOffset(relay["seenAt"].ToUniversalTime()));
    }

    /// <inheritdoc/>
    public async Task<IReadOnlyCollection<int>> AcquireAsync(IReadOnlyCollection<int> lanes, string owner, TimeSpan duration, CancellationToken cancellationToken)
    {
        var wanted = new BsonDocument("$in", new BsonArray(lanes));
        var taken = await collections.Leases.UpdateManyAsync(
            new BsonDocument { { "_id", wanted }, { "$expr", Op("$lte", "$expiresAt", Now) } },
            Set(new BsonDocument
            {
                { "owner", owner },
                { "epoch", Op("$add", "$epoch", 1L) },
                { "expiresAt", In(duration) },
            }),
            cancellationToken: cancellationToken).ConfigureAwait(false);
        if (taken.ModifiedCount == 0)
        {
            return [];
        }

        var mine = await collections.Leases.Find(new BsonDocument { { "_id", wanted }, { "owner", owner }, { "$expr", Live } }).ToListAsync(cancellationToken).ConfigureAwait(false);
        return mine.ConvertAll(lease => lease["_id"].ToInt32());
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
        _relays.DeleteOneAsync(new BsonDocument("_id", owner), cancellationToken);

    private async Task<int> CountOthersAsync(string owner, TimeSpan duration, CancellationToken cancellationToken)
    {
        var alive = new BsonDocument { { "_id", new BsonDocument("$ne", owner) }, { "$expr", Op("$gt", "$seenAt", Ago(duration)) } };
        return (int)await _relays.CountDocumentsAsync(alive, cancellationToken: cancellationToken).ConfigureAwait(false);
    }

    private static UpdateDefinition<BsonDocument> Set(BsonDocument fields) =>
        Builders<BsonDocument>.Update.Pipeline(new BsonDocument[] { new("$set", fields) });
}
