using MongoDB.Bson;
using MongoDB.Driver;
using Outbox.Inbox.Replaying;
using Outbox.MongoDb.Sessions;

namespace Outbox.MongoDb.Inbox.Replaying;

/// <summary>Snapshots of an endpoint's collections, taken and restored while none of its instances consumes; <c>replay.snapshots</c> has those that are whole.</summary>
internal sealed class ReplaySnapshots(OutboxCollections collections, SnapshotCopies copies, ShortTransactions transactions, TimeProvider time)
{
    private static readonly BsonDocument All = [];
    private static readonly ReplaceOptions Upsert = new() { IsUpsert = true };

    /// <summary>What belongs to an endpoint in the inbox's collections.</summary>
    public static BsonDocument OfEndpoint(string endpoint) => new("_id.endpoint", endpoint);

    /// <summary>Copies, and ends the replay with the moment in which the snapshot is there: one that was cancelled is none, because its endpoint consumes again.</summary>
    /// <returns>Whether it is there; not if this instance has lost it.</returns>
    public async Task<bool> TakeAsync(EndpointReplay replay, string instance, Func<Task> keep, CancellationToken cancellationToken)
    {
        var id = replay.Snapshot!;
        var mine = SnapshotCopies.NewTry(id);
        foreach (var (name, filter) in Parts(replay.Endpoint, replay.Collections))
        {
            await copies.TakeAsync(name, filter, mine, keep, cancellationToken).ConfigureAwait(false);
        }

        var snapshot = new BsonDocument
        {
            { "_id", id },
            { "endpoint", replay.Endpoint },
            { "at", time.GetUtcNow().UtcDateTime },
            { "collections", new BsonArray(replay.Collections) },
            { "copies", mine },
            { "offsets", ReplayDocument.Offsets(replay.Processed) },
            { "reason", replay.Reason },
        };

        return await transactions.RunAsync(EndAsync, cancellationToken).ConfigureAwait(false);

        async Task<bool> EndAsync(IClientSessionHandle session, CancellationToken token)
        {
            var led = ReplayDocument.ById(replay).Add("phase", ReplayDocument.PhaseName(replay.Phase)).Add("leader", instance);
            var done = new BsonDocument("$set", new BsonDocument("phase", ReplayDocument.PhaseName(ReplayPhase.Done)));
            if ((await collections.InboxReplays.UpdateOneAsync(session, led, done, cancellationToken: token).ConfigureAwait(false)).MatchedCount == 0)
            {
                return false;
            }

            await collections.ReplaySnapshots.ReplaceOneAsync(session, new BsonDocument("_id", id), snapshot, Upsert, token).ConfigureAwait(false);
            return true;
        }
    }

    /// <summary>Removes what was copied for a snapshot in vain. As long as somebody may be copying, it is left.</summary>
    public async Task ClearAsync(EndpointReplay replay, CancellationToken cancellationToken)
    {
        if (!await collections.InboxReplays.Find(ReplayDocument.Open(replay)).AnyAsync(cancellationToken).ConfigureAwait(false))
        {
            var listed = await FindAsync(replay.Snapshot!, cancellationToken).ConfigureAwait(false);
            await copies.DropAsync(replay.Snapshot!, listed?["copies"].AsString, cancellationToken).ConfigureAwait(false);
        }
    }

    /// <returns>The offsets that belong to the snapshot.</returns>
    public async Task<IReadOnlyList<PartitionOffset>> RestoreAsync(EndpointReplay replay, string id, Func<Task> keep, CancellationToken cancellationToken)
    {
        var document = await CheckAsync(id, cancellationToken).ConfigureAwait(false);
        var snapshot = ReplayDocument.ReadSnapshot(document);
        foreach (var (name, filter) in Parts(replay.Endpoint, snapshot.Collections))
        {
            // What the state has of a message it has for good: only what came after the snapshot is processed again.
            Action<BsonDocument>? known = name == collections.Names.Inbox ? entry => entry[InboxDocument.Replay] = replay.Generation : null;
            await copies.RestoreAsync(document["copies"].AsString, name, filter, known, keep, cancellationToken).ConfigureAwait(false);
        }

        return snapshot.Offsets;
    }

    /// <summary>Sees that all of a snapshot is there.</summary>
    /// <returns>Its document.</returns>
    /// <exception cref="OutboxException">It is not, and nothing may be replaced by it.</exception>
    public async Task<BsonDocument> CheckAsync(string id, CancellationToken cancellationToken)
    {
        var snapshot = await FindAsync(id, cancellationToken).ConfigureAwait(false) ?? throw new OutboxException($"There is no snapshot '{id}' any more.");
        var names = Parts("", ReplayDocument.ReadSnapshot(snapshot).Collections).Select(part => part.Name);
        return await copies.MissingAsync(snapshot["copies"].AsString, names, cancellationToken).ConfigureAwait(false) is { Count: > 0 } missing
            ? throw new OutboxException($"Snapshot '{id}' is not whole any more: {string.Join(", ", missing)} is missing. Restored, it would leave its collection empty.")
            : snapshot;
    }

    /// <exception cref="OutboxException">An endpoint is being replayed from it.</exception>
    public async Task<bool> DeleteAsync(string id, CancellationToken cancellationToken)
    {
        var used = new BsonDocument { { "from.snapshot", id }, { "phase", ReplayDocument.NotDone } };
        if (await collections.InboxReplays.Find(used).AnyAsync(cancellationToken).ConfigureAwait(false))
        {
            throw new OutboxException($"An endpoint is being replayed from snapshot '{id}'. Wait until that is done.");
        }

        var found = await collections.ReplaySnapshots.FindOneAndDeleteAsync(new BsonDocument("_id", id), cancellationToken: cancellationToken).ConfigureAwait(false);
        if (found is null)
        {
            return false;
        }

        await copies.DropAsync(id, null, cancellationToken).ConfigureAwait(false);
        return true;
    }

    private async Task<BsonDocument?> FindAsync(string id, CancellationToken cancellationToken) =>
        await collections.ReplaySnapshots.Find(new BsonDocument("_id", id)).FirstOrDefaultAsync(cancellationToken).ConfigureAwait(false);

    private IEnumerable<(string Name, BsonDocument Filter)> Parts(string endpoint, IEnumerable<string> own) =>
    [
        .. own.Select(name => (name, All)),
        (collections.Names.Inbox, OfEndpoint(endpoint)),
        (collections.Names.InboxSequences, OfEndpoint(endpoint)),
        (collections.Names.InboxParked, new BsonDocument("endpoint", endpoint)),
    ];
}
