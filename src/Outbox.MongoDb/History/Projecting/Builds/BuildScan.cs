using MongoDB.Bson;
using MongoDB.Driver;
using Outbox.Delivery.Leases;
using Outbox.History.Projecting.Building;
using Outbox.History.Storing;
using Outbox.Messages;
using static Outbox.MongoDb.Expressions;

namespace Outbox.MongoDb.History.Projecting.Builds;

/// <summary>How far the history was read for a build, by the one instance that has the lease. Times are the server's.</summary>
internal sealed class BuildScan(OutboxCollections collections, RelayIdentity identity, ProjectionBuild build, TimeSpan duration)
{
    public ProjectionBuild Build => build;

    /// <summary>Whether the topic's end was noted.</summary>
    public bool IsPinned { get; private set; }

    /// <summary>Whether all was read once, and is read again for what was written by transactions that did not know of the build.</summary>
    public bool IsSecond { get; private set; }

    /// <summary>How long to wait before it is read again.</summary>
    public TimeSpan Settling { get; private set; }

    public HistoryPlace? Place { get; private set; }

    public long Read { get; private set; }

    /// <summary>Takes the lease, or keeps it, and finds out how far the scan has come.</summary>
    /// <returns>Whether this instance has it.</returns>
    public async Task<bool> TakeAsync(CancellationToken cancellationToken)
    {
        var free = Op("$lte", Op("$ifNull", "$lease.expiresAt", BsonNull.Value), Now);
        var mine = Op("$eq", "$lease.owner", new BsonDocument("$literal", identity.Owner));
        var filter = BuildDocument.ById(build.Id).Add("state", "building").Add("scanned", false).Add("$expr", Op("$or", free, mine));
        var document = await collections.Projections.FindOneAndUpdateAsync(
            filter,
            Builders<BsonDocument>.Update.Pipeline(BuildDocument.Set(new BsonDocument("lease", Lease()).Add("leasedAt", Now))),
            new FindOneAndUpdateOptions<BsonDocument, BsonDocument?> { ReturnDocument = ReturnDocument.After },
            cancellationToken).ConfigureAwait(false);
        if (document is null)
        {
            return false;
        }

        IsPinned = document.GetValue("pinned", false).AsBoolean;
        IsSecond = document.GetValue("second", false).AsBoolean;
        Settling = document["createdAt"].ToUniversalTime() + build.Registration.Settling - document["leasedAt"].ToUniversalTime();
        Place = PlaceOf(document.GetValue("checkpoint", BsonNull.Value));
        Read = document["read"].ToInt64();
        return true;
    }

    /// <summary>Notes, in the transaction of a page, that it was read, and keeps the lease.</summary>
    /// <exception cref="LeaseLostException">Another instance has it now.</exception>
    public async Task AdvanceAsync(IClientSessionHandle session, HistoryPlace place, int events, CancellationToken cancellationToken)
    {
        var checkpoint = new BsonDocument { { "entityType", place.Entity.Type }, { "entityId", place.Entity.Id }, { "version", place.Version } };
        var fields = new BsonDocument
        {
            { "checkpoint", new BsonDocument("$literal", checkpoint) },
            { "read", new BsonDocument("$add", new BsonArray { "$read", (long)events }) },
            { "lease", Lease() },
        };
        var updated = await collections.Projections.UpdateOneAsync(
            session, Mine(), Builders<BsonDocument>.Update.Pipeline(BuildDocument.Set(fields)), cancellationToken: cancellationToken).ConfigureAwait(false);
        Require(updated);
    }

    public Task PinnedAsync(long total, CancellationToken cancellationToken) => SetAsync(new BsonDocument { { "pinned", true }, { "total", total } }, cancellationToken);

    /// <summary>All was read; now it is read again from the beginning.</summary>
    public Task BeginSecondAsync(CancellationToken cancellationToken) =>
        SetAsync(new BsonDocument { { "second", true }, { "checkpoint", BsonNull.Value }, { "read", 0L } }, cancellationToken);

    public Task ScannedAsync(CancellationToken cancellationToken) => SetAsync(new BsonDocument { { "scanned", true }, { "lease", BsonNull.Value } }, cancellationToken);

    /// <summary>Lets another instance go on at once.</summary>
    public Task ReleaseAsync(CancellationToken cancellationToken) => collections.Projections.UpdateOneAsync(
        Mine(), new BsonDocument("$set", new BsonDocument("lease", BsonNull.Value)), cancellationToken: cancellationToken);

    private static HistoryPlace? PlaceOf(BsonValue checkpoint) => checkpoint.IsBsonNull
        ? null
        : new HistoryPlace(new Entity(checkpoint["entityType"].AsString, checkpoint["entityId"].AsString), checkpoint["version"].ToInt64());

    private BsonDocument Mine() => BuildDocument.ById(build.Id).Add("state", "building").Add("lease.owner", identity.Owner);

    private BsonDocument Lease() => new() { { "owner", new BsonDocument("$literal", identity.Owner) }, { "expiresAt", In(duration) } };

    private async Task SetAsync(BsonDocument fields, CancellationToken cancellationToken) => Require(await collections.Projections.UpdateOneAsync(
        Mine(), Builders<BsonDocument>.Update.Pipeline(BuildDocument.Set(fields)), cancellationToken: cancellationToken).ConfigureAwait(false));

    private void Require(UpdateResult updated)
    {
        if (updated.MatchedCount == 0)
        {
            throw new LeaseLostException(build.Id);
        }
    }
}
