using MongoDB.Bson;
using MongoDB.Driver;
using Outbox.Inbox.Replaying;
using static Outbox.MongoDb.Expressions;

namespace Outbox.MongoDb.Inbox.Replaying;

/// <summary>An endpoint's replay in <c>inbox.replays</c>, and its instances in <c>inbox.endpoints</c>. All times are the server's.</summary>
internal sealed class MongoReplayStore(OutboxCollections collections, IInstallation installation, ReplaySnapshots snapshots) : IReplayStore
{
    private static readonly UpdateOptions Upsert = new() { IsUpsert = true };
    private static readonly FindOneAndUpdateOptions<BsonDocument, BsonDocument?> Updated = new() { ReturnDocument = ReturnDocument.After };

    /// <inheritdoc/>
    public async Task<EndpointReplay?> AttendAsync(EndpointPresence presence, TimeSpan alive, CancellationToken cancellationToken)
    {
        await installation.EnsureAsync(cancellationToken).ConfigureAwait(false);
        await collections.InboxEndpoints.UpdateOneAsync(ReplayDocument.Of(presence), Set(new BsonDocument
        {
            { "expiresAt", In(alive) }, { "seenAt", In(TimeSpan.Zero) }, { "stopped", presence.Stopped }, { "inSequence", presence.InSequence }, { "batches", presence.HasBatches },
            { "state", presence.Report is { } report ? EndpointDocument.Of(report) : BsonNull.Value },
        }), Upsert, cancellationToken).ConfigureAwait(false);
        return await LookAsync(presence.Endpoint, cancellationToken).ConfigureAwait(false);
    }

    /// <inheritdoc/>
    public async Task<EndpointReplay?> LookAsync(string endpoint, CancellationToken cancellationToken)
    {
        var found = await collections.InboxReplays.Find(new BsonDocument("_id", endpoint)).FirstOrDefaultAsync(cancellationToken).ConfigureAwait(false);
        return found is null ? null : ReplayDocument.Read(found);
    }

    /// <summary>It stays known that there was one, for those who ask why nothing is consumed.</summary>
    public Task LeaveAsync(EndpointPresence presence, CancellationToken cancellationToken) =>
        collections.InboxEndpoints.UpdateOneAsync(ReplayDocument.Of(presence), Set(new BsonDocument { { "expiresAt", In(TimeSpan.Zero) }, { "seenAt", In(TimeSpan.Zero) } }), cancellationToken: cancellationToken);

    /// <inheritdoc/>
    public async Task<IReadOnlyList<EndpointPresence>?> LeadAsync(EndpointReplay replay, string instance, TimeSpan lease, CancellationToken cancellationToken)
    {
        var present = await PresentAsync(collections, replay.Endpoint, cancellationToken).ConfigureAwait(false);
        return present.All(other => other.Stopped == replay.Generation) && await KeepAsync(collections, replay, instance, lease, cancellationToken).ConfigureAwait(false) ? present : null;
    }

    /// <inheritdoc/>
    public async Task<EndpointReplay> NoteAsync(
        EndpointReplay replay, IReadOnlyList<PartitionOffset> processed, IReadOnlyList<PartitionOffset> until, CancellationToken cancellationToken)
    {
        var first = ReplayDocument.ById(replay).Add("phase", ReplayDocument.PhaseName(ReplayPhase.Pausing));
        var noted = Builders<BsonDocument>.Update.Set("processed", ReplayDocument.Offsets(processed)).Set("until", ReplayDocument.Offsets(until))
            .Set("phase", ReplayDocument.PhaseName(ReplayPhase.Resetting));
        await collections.InboxReplays.UpdateOneAsync(first, noted, cancellationToken: cancellationToken).ConfigureAwait(false);
        var now = await collections.InboxReplays.Find(ReplayDocument.ById(replay)).FirstOrDefaultAsync(cancellationToken).ConfigureAwait(false);
        return now is null ? replay with { Phase = ReplayPhase.Done } : ReplayDocument.Read(now);
    }

    /// <inheritdoc/>
    public async Task<IReadOnlyList<PartitionOffset>> PrepareAsync(EndpointReplay replay, string instance, TimeSpan lease, CancellationToken cancellationToken)
    {
        if (replay.Snapshot is not null)
        {
            await TakeAsync(replay, instance, lease, cancellationToken).ConfigureAwait(false);
            return [];
        }

        if (replay.From.Snapshot is { } snapshot)
        {
            return await snapshots.RestoreAsync(replay, snapshot, () => KeepOrThrowAsync(replay, instance, lease, cancellationToken), cancellationToken).ConfigureAwait(false);
        }

        if (replay.From == ReplayFrom.Beginning)
        {
            // Each version has its turn again.
            await collections.InboxSequences.DeleteManyAsync(ReplaySnapshots.OfEndpoint(replay.Endpoint), cancellationToken).ConfigureAwait(false);
        }

        return [];
    }

    /// <inheritdoc/>
    public async Task<bool> AbandonAsync(EndpointReplay snapshot, string instance, string error, CancellationToken cancellationToken)
    {
        var mine = ReplayDocument.Open(snapshot).Add("leader", instance);
        var given = await collections.InboxReplays.UpdateOneAsync(mine, ReplayDocument.Ended(snapshot, $"given up: {error}"), cancellationToken: cancellationToken).ConfigureAwait(false);
        await snapshots.ClearAsync(snapshot, cancellationToken).ConfigureAwait(false);
        return given.MatchedCount > 0;
    }

    /// <inheritdoc/>
    public Task AdvanceAsync(EndpointReplay replay, ReplayPhase phase, CancellationToken cancellationToken) => collections.InboxReplays.UpdateOneAsync(
        ReplayDocument.ById(replay).Add("phase", ReplayDocument.PhaseName(replay.Phase)),
        Builders<BsonDocument>.Update.Set("phase", ReplayDocument.PhaseName(phase)),
        cancellationToken: cancellationToken);

    public static async Task<IReadOnlyList<EndpointPresence>> PresentAsync(OutboxCollections collections, string endpoint, CancellationToken cancellationToken)
    {
        var alive = new BsonDocument { { "_id.endpoint", endpoint }, { "$expr", Op("$gt", "$expiresAt", Now) } };
        return (await collections.InboxEndpoints.Find(alive).ToListAsync(cancellationToken).ConfigureAwait(false)).ConvertAll(ReplayDocument.ReadPresence);
    }

    private static async Task<bool> KeepAsync(OutboxCollections collections, EndpointReplay replay, string instance, TimeSpan lease, CancellationToken cancellationToken)
    {
        var free = ReplayDocument.ById(replay).Add("phase", ReplayDocument.PhaseName(replay.Phase)).Add("$or", new BsonArray
        {
            new BsonDocument("leader", instance),
            new BsonDocument("leaderUntil", BsonNull.Value),
            new BsonDocument("$expr", Op("$lte", "$leaderUntil", Now)),
        });
        return await collections.InboxReplays
            .FindOneAndUpdateAsync(free, Set(new BsonDocument { { "leader", instance }, { "leaderUntil", In(lease) } }), Updated, cancellationToken).ConfigureAwait(false) is not null;
    }

    private async Task TakeAsync(EndpointReplay replay, string instance, TimeSpan lease, CancellationToken cancellationToken)
    {
        try
        {
            if (!await snapshots.TakeAsync(replay, instance, () => KeepOrThrowAsync(replay, instance, lease, cancellationToken), cancellationToken).ConfigureAwait(false))
            {
                throw new ReplayLostException(replay.Endpoint);
            }
        }
        finally
        {
            // Of tries that came to nothing.
            await snapshots.ClearAsync(replay, cancellationToken).ConfigureAwait(false);
        }
    }

    private async Task KeepOrThrowAsync(EndpointReplay replay, string instance, TimeSpan lease, CancellationToken cancellationToken)
    {
        if (!await KeepAsync(collections, replay, instance, lease, cancellationToken).ConfigureAwait(false))
        {
            throw new ReplayLostException(replay.Endpoint);
        }
    }

    private static UpdateDefinition<BsonDocument> Set(BsonDocument fields) => Builders<BsonDocument>.Update.Pipeline(new BsonDocument[]
    {
        new("$set", new BsonDocument(fields.Select(field => field.Value is BsonDocument ? field : new BsonElement(field.Name, new BsonDocument("$literal", field.Value))))),
    });
}
