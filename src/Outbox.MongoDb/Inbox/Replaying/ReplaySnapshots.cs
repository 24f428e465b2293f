using MongoDB.Bson;
using MongoDB.Driver;
using Outbox.Inbox.Replaying;
using Outbox.MongoDb.Sessions;

namespace Outbox.MongoDb.Inbox.Replaying;

/// <summary>
/// Copies of an endpoint's collections, as <c>replay.&lt;id&gt;.&lt;collection&gt;</c>, taken and restored while none of its instances consumes. Each copy begins with removing what is there, so that it may be repeated
/// after a crash; <c>replay.snapshots</c> has the snapshot once it is whole.
/// </summary>
internal sealed class ReplaySnapshots(OutboxCollections collections, ShortTransactions transactions, TimeProvider time)
{
    private const int BatchSize = 500;

    private static readonly BsonDocument All = [];
    private static readonly BsonDocument ById = new("_id", 1);
    private static readonly BsonDocument Done = new("$set", new BsonDocument("phase", ReplayDocument.PhaseName(ReplayPhase.Done)));

    /// <summary>What belongs to an endpoint in the inbox's collections.</summary>
    public static BsonDocument OfEndpoint(string endpoint) => new("_id.endpoint", endpoint);

    /// <summary>Copies, and ends the replay with the moment in which the snapshot is there: one that was cancelled is none, because its endpoint consumes again.</summary>
    /// <returns>Whether it is there; not if this instance has lost it.</returns>
    public async Task<bool> TakeAsync(EndpointReplay replay, string instance, Func<Task> keep, CancellationToken cancellationToken)
    {
        var id = replay.Snapshot!;
        foreach (var (name, filter) in Parts(replay.Endpoint, replay.Collections))
        {
            await CopyAsync(Get(name), filter, Copy(id, name), All, null, keep, cancellationToken).ConfigureAwait(false);
        }

        var snapshot = new BsonDocument
        {
            { "_id", id },
            { "endpoint", replay.Endpoint },
            { "at", time.GetUtcNow().UtcDateTime },
            { "collections", new BsonArray(replay.Collections) },
            { "offsets", ReplayDocument.Offsets(replay.Processed) },
            { "reason", replay.Reason },
        };

        return await transactions.RunAsync(EndAsync, cancellationToken).ConfigureAwait(false);

        async Task<bool> EndAsync(IClientSessionHandle session, CancellationToken token)
        {
            var mine = ReplayDocument.ById(replay).Add("phase", ReplayDocument.PhaseName(replay.Phase)).Add("leader", instance);
            if ((await collections.InboxReplays.UpdateOneAsync(session, mine, Done, cancellationToken: token).ConfigureAwait(false)).MatchedCount == 0)
            {
                return false;
            }

            await collections.ReplaySnapshots.InsertOneAsync(session, snapshot, cancellationToken: token).ConfigureAwait(false);
            return true;
        }
    }

    /// <summary>Removes what was copied for a snapshot that was cancelled.</summary>
    public async Task ClearAsync(EndpointReplay replay, CancellationToken cancellationToken)
    {
        var id = new BsonDocument("_id", replay.Snapshot);
        if (!await collections.InboxReplays.Find(Open(replay)).AnyAsync(cancellationToken).ConfigureAwait(false)
            && !await collections.ReplaySnapshots.Find(id).AnyAsync(cancellationToken).ConfigureAwait(false))
        {
            await DropAsync(replay.Snapshot!, replay.Collections, cancellationToken).ConfigureAwait(false);
        }
    }

    /// <summary>Cancels a snapshot that is not there yet.</summary>
    /// <returns>Whether it was not.</returns>
    public async Task<bool> AbandonAsync(EndpointReplay replay, CancellationToken cancellationToken)
    {
        if ((await collections.InboxReplays.UpdateOneAsync(Open(replay), Done, cancellationToken: cancellationToken).ConfigureAwait(false)).MatchedCount == 0)
        {
            return false;
        }

        await DropAsync(replay.Snapshot!, replay.Collections, cancellationToken).ConfigureAwait(false);
        return true;
    }

    /// <returns>The offsets that belong to the snapshot.</returns>
    public async Task<IReadOnlyList<PartitionOffset>> RestoreAsync(EndpointReplay replay, string id, Func<Task> keep, CancellationToken cancellationToken)
    {
        var snapshot = ReplayDocument.ReadSnapshot(await collections.ReplaySnapshots.Find(new BsonDocument("_id", id)).SingleAsync(cancellationToken).ConfigureAwait(false));
        foreach (var (name, filter) in Parts(replay.Endpoint, snapshot.Collections))
        {
            // What the state has of a message it has for good: only what came after the snapshot is processed again.
            Action<BsonDocument>? known = name == collections.Names.Inbox ? document => document[InboxDocument.Replay] = replay.Generation : null;
            await CopyAsync(Copy(id, name), All, Get(name), filter, known, keep, cancellationToken).ConfigureAwait(false);
        }

        return snapshot.Offsets;
    }

    public async Task<bool> DeleteAsync(string id, CancellationToken cancellationToken)
    {
        var found = await collections.ReplaySnapshots.FindOneAndDeleteAsync(new BsonDocument("_id", id), cancellationToken: cancellationToken).ConfigureAwait(false);
        if (found is null)
        {
            return false;
        }

        await DropAsync(id, ReplayDocument.ReadSnapshot(found).Collections, cancellationToken).ConfigureAwait(false);
        return true;
    }

    private static BsonDocument Open(EndpointReplay replay) => ReplayDocument.ById(replay).Add("phase", new BsonDocument("$ne", ReplayDocument.PhaseName(ReplayPhase.Done)));

    private async Task DropAsync(string id, IEnumerable<string> own, CancellationToken cancellationToken)
    {
        foreach (var (name, _) in Parts("", own))
        {
            await collections.Database.DropCollectionAsync(Copy(id, name).CollectionNamespace.CollectionName, cancellationToken).ConfigureAwait(false);
        }
    }

    private IEnumerable<(string Name, BsonDocument Filter)> Parts(string endpoint, IEnumerable<string> own) =>
    [
        .. own.Select(name => (name, All)),
        (collections.Names.Inbox, OfEndpoint(endpoint)),
        (collections.Names.InboxSequences, OfEndpoint(endpoint)),
        (collections.Names.InboxParked, new BsonDocument("endpoint", endpoint)),
    ];

    private IMongoCollection<BsonDocument> Get(string name) => collections.Database.GetCollection<BsonDocument>(name);

    private IMongoCollection<BsonDocument> Copy(string id, string name) => Get($"{collections.Names.ReplayCopies}{id}.{name}");

    private static async Task CopyAsync(
        IMongoCollection<BsonDocument> source,
        BsonDocument sourceFilter,
        IMongoCollection<BsonDocument> target,
        BsonDocument targetFilter,
        Action<BsonDocument>? change,
        Func<Task> keep,
        CancellationToken cancellationToken)
    {
        await keep().ConfigureAwait(false);
        await target.DeleteManyAsync(targetFilter, cancellationToken).ConfigureAwait(false);
        var find = new FindOptions<BsonDocument> { BatchSize = BatchSize, Sort = ById };
        using var cursor = await source.FindAsync(sourceFilter, find, cancellationToken).ConfigureAwait(false);
        while (await cursor.MoveNextAsync(cancellationToken).ConfigureAwait(false))
        {
            var batch = cursor.Current.ToList();
            batch.ForEach(document => change?.Invoke(document));
            await keep().ConfigureAwait(false);
            if (batch.Count > 0)
            {
                await target.InsertManyAsync(batch, cancellationToken: cancellationToken).ConfigureAwait(false);
            }
        }
    }
}
