using Microsoft.Extensions.Logging;
using MongoDB.Bson;
using MongoDB.Driver;
using Outbox.Inbox.Replaying;

namespace Outbox.MongoDb.Inbox.Replaying;

/// <summary>Begins replays and snapshots, by writing what the endpoint's instances look at.</summary>
internal sealed class MongoInboxReplay(OutboxCollections collections, IInstallation installation, ReplaySnapshots snapshots, TimeProvider time, ILogger<MongoInboxReplay> logger) : IInboxReplay
{
    /// <inheritdoc/>
    public async Task<int> StartAsync(string endpoint, ReplayFrom from, string reason, CancellationToken cancellationToken = default)
    {
        ArgumentException.ThrowIfNullOrWhiteSpace(endpoint);
        ArgumentNullException.ThrowIfNull(from);
        ArgumentException.ThrowIfNullOrWhiteSpace(reason);
        await installation.EnsureAsync(cancellationToken).ConfigureAwait(false);
        if (from.Snapshot is { } snapshot)
        {
            if (!(await ListSnapshotsAsync(endpoint, cancellationToken).ConfigureAwait(false)).Any(known => known.Id == snapshot))
            {
                throw new OutboxException($"Endpoint '{endpoint}' has no snapshot '{snapshot}'.");
            }

            await snapshots.CheckAsync(snapshot, cancellationToken).ConfigureAwait(false);
        }

        var present = await PresentAsync(endpoint, cancellationToken).ConfigureAwait(false);
        if (present.Any(instance => instance.HasBatches))
        {
            throw new OutboxException($"Endpoint '{endpoint}' has a consumer of batches, and a batch may hold messages that were processed before beside new ones. Consume single messages while it is replayed.");
        }

        if ((from.Offsets.Count > 0 || from.Time is not null) && present.Any(instance => instance.InSequence))
        {
            throw new OutboxException(
                $"Endpoint '{endpoint}' is in sequence, and what begins in the middle has versions missing before it. Replay it from the beginning, or from a snapshot, which has its sequences.");
        }

        var generation = await BeginAsync(new EndpointReplay(endpoint, 0, ReplayPhase.Pausing, from, reason), cancellationToken).ConfigureAwait(false);
        logger.ReplayBegins(endpoint, generation, from.ToString(), reason);
        return generation;
    }

    /// <inheritdoc/>
    public async Task<EndpointReplay?> FindAsync(string endpoint, CancellationToken cancellationToken = default) =>
        await collections.InboxReplays.Find(new BsonDocument("_id", endpoint)).FirstOrDefaultAsync(cancellationToken).ConfigureAwait(false) is { } found ? ReplayDocument.Read(found) : null;

    /// <inheritdoc/>
    public async Task<bool> CancelAsync(string endpoint, string reason, CancellationToken cancellationToken = default)
    {
        ArgumentException.ThrowIfNullOrWhiteSpace(endpoint);
        ArgumentException.ThrowIfNullOrWhiteSpace(reason);
        if (await FindAsync(endpoint, cancellationToken).ConfigureAwait(false) is not { } replay || !await CancelAsync(replay, reason, cancellationToken).ConfigureAwait(false))
        {
            return false;
        }

        logger.ReplayCancelled(endpoint, replay.Generation, reason);
        return true;
    }

    /// <inheritdoc/>
    public async Task<string> SnapshotAsync(string endpoint, IReadOnlyCollection<string> collections, string reason, CancellationToken cancellationToken = default)
    {
        ArgumentException.ThrowIfNullOrWhiteSpace(endpoint);
        ArgumentNullException.ThrowIfNull(collections);
        ArgumentException.ThrowIfNullOrWhiteSpace(reason);
        CheckOwn(collections);
        await installation.EnsureAsync(cancellationToken).ConfigureAwait(false);
        await PresentAsync(endpoint, cancellationToken).ConfigureAwait(false);
        var id = Guid.CreateVersion7(time.GetUtcNow()).ToString("N");
        var taken = new EndpointReplay(endpoint, 0, ReplayPhase.Pausing, ReplayFrom.Beginning, reason) { Snapshot = id, Collections = [.. collections.Distinct(StringComparer.Ordinal)] };
        await BeginAsync(taken, cancellationToken).ConfigureAwait(false);
        logger.SnapshotBegins(endpoint, id, reason);
        return id;
    }

    /// <inheritdoc/>
    public async Task<IReadOnlyList<ReplaySnapshot>> ListSnapshotsAsync(string endpoint, CancellationToken cancellationToken = default) =>
        (await collections.ReplaySnapshots.Find(new BsonDocument("endpoint", endpoint)).Sort(new BsonDocument("at", -1)).ToListAsync(cancellationToken).ConfigureAwait(false))
        .ConvertAll(ReplayDocument.ReadSnapshot);

    /// <inheritdoc/>
    public Task<bool> DeleteSnapshotAsync(string id, CancellationToken cancellationToken = default) => snapshots.DeleteAsync(id, cancellationToken);

    private async Task<bool> CancelAsync(EndpointReplay replay, string reason, CancellationToken cancellationToken)
    {
        var free = replay.Snapshot is null ? ReplayDocument.ById(replay).Add("phase", ReplayDocument.PhaseName(ReplayPhase.Pausing)) : ReplayDocument.Open(replay);
        var ended = await collections.InboxReplays.UpdateOneAsync(free, ReplayDocument.Ended(replay, $"cancelled: {reason}"), cancellationToken: cancellationToken).ConfigureAwait(false);
        if (replay.Snapshot is not null)
        {
            await snapshots.ClearAsync(replay, cancellationToken).ConfigureAwait(false);
        }

        return ended.MatchedCount > 0 || (await FindAsync(replay.Endpoint, cancellationToken).ConfigureAwait(false))?.Phase switch
        {
            ReplayPhase.Resetting when replay.Snapshot is null => throw new OutboxException(
                $"Replay {replay.Generation} of endpoint '{replay.Endpoint}' has begun to change collections or offsets, and half of that is worse than all of it. What keeps it from going on is in the endpoint's "
                + "health and in `outbox status`: mend that, and it goes on by itself."),
            ReplayPhase.Running => throw new OutboxException(
                $"Replay {replay.Generation} of endpoint '{replay.Endpoint}' runs, and the endpoint consumes. It is done when its group has come to what were the ends of its partitions."),
            _ => false,
        };
    }

    private async Task<IReadOnlyList<EndpointPresence>> PresentAsync(string endpoint, CancellationToken cancellationToken) =>
        await MongoReplayStore.PresentAsync(collections, endpoint, cancellationToken).ConfigureAwait(false) is { Count: > 0 } present
            ? present
            : throw new OutboxException($"No instance of endpoint '{endpoint}' runs. Start one: the endpoint's instances do the work. The endpoint is called as its group.");

    /// <summary>The collections of the framework are everybody's, or are in each snapshot as far as they are the endpoint's.</summary>
    private void CheckOwn(IReadOnlyCollection<string> own)
    {
        if (own.FirstOrDefault(name => collections.Names.All.Contains(name) || string.IsNullOrWhiteSpace(name) || name.StartsWith(collections.Names.ReplayCopies, StringComparison.Ordinal)) is { } name)
        {
            throw new OutboxException($"'{name}' is not a collection of the service's own. Name those that the endpoint's consumers write; the inbox's are in each snapshot.");
        }
    }

    private async Task<int> BeginAsync(EndpointReplay replay, CancellationToken cancellationToken)
    {
        var id = new BsonDocument("_id", replay.Endpoint);
        var before = await collections.InboxReplays.Find(id).FirstOrDefaultAsync(cancellationToken).ConfigureAwait(false);
        var generation = (before is null ? 0 : before["generation"].ToInt32()) + 1;
        var next = ReplayDocument.Of(replay with { Generation = generation });
        try
        {
            var free = new BsonDocument(id) { { "generation", generation - 1 }, { "phase", ReplayDocument.PhaseName(ReplayPhase.Done) } };
            if (before is null)
            {
                await collections.InboxReplays.InsertOneAsync(next.Add("_id", replay.Endpoint), cancellationToken: cancellationToken).ConfigureAwait(false);
                return generation;
            }

            if ((await collections.InboxReplays.ReplaceOneAsync(free, next, cancellationToken: cancellationToken).ConfigureAwait(false)).MatchedCount == 1)
            {
                return generation;
            }
        }
        catch (MongoWriteException error) when (error.WriteError?.Category == ServerErrorCategory.DuplicateKey)
        {
            // Somebody else was faster.
        }

        throw new OutboxException($"Endpoint '{replay.Endpoint}' is being replayed, or a snapshot of it is being taken. Wait until it is done: FindAsync tells how far it is.");
    }
}
