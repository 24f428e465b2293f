using System.Runtime.CompilerServices;
using MongoDB.Bson;
using MongoDB.Driver;
using Outbox.History.Storing;
using Outbox.Messages;
using Outbox.MongoDb.Sessions;

namespace Outbox.MongoDb.History;

/// <summary>What is kept, in MongoDB.</summary>
internal sealed class MongoHistoryStore(OutboxCollections collections, TransactionSessions sessions, TimeProvider time) : IHistoryStore
{
    private const int SnapshotsAtOnce = 500;

    private static readonly TransactionOptions Options = new(ReadConcern.Snapshot, ReadPreference.Primary, WriteConcern.WMajority);
    private static readonly BsonDocument Ascending = new("_id", 1);

    private readonly MongoHistoryReader _reader = new(collections, session: null);

    /// <inheritdoc/>
    public Task<long> HeadAsync(Entity entity, CancellationToken cancellationToken) => _reader.HeadAsync(entity, cancellationToken);

    /// <inheritdoc/>
    public IAsyncEnumerable<KeptEvent> ReadAsync(Entity entity, long from, long to, CancellationToken cancellationToken) =>
        _reader.ReadAsync(entity, from, to, cancellationToken);

    /// <inheritdoc/>
    public Task<StoredSnapshot?> FindSnapshotAsync(Entity entity, int schema, CancellationToken cancellationToken) => _reader.FindSnapshotAsync(entity, schema, cancellationToken);

    /// <inheritdoc/>
    public async IAsyncEnumerable<IReadOnlyList<KeptEvent>> ScanAsync(
        string entityType, HistoryPlace? after, int pageSize, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        while (true)
        {
            var page = await collections.History.Find(HistoryKey.After(entityType, after)).Sort(Ascending).Limit(pageSize).ToListAsync(cancellationToken).ConfigureAwait(false);
            if (page.Count > 0)
            {
                yield return page;
            }

            if (page.Count < pageSize)
            {
                yield break;
            }

            after = new HistoryPlace(page[^1].Message.Entity, page[^1].Message.Version);
        }
    }

    /// <inheritdoc/>
    public Task<long> CountAsync(string entityType, CancellationToken cancellationToken) =>
        collections.HistoryDocuments.CountDocumentsAsync(HistoryKey.After(entityType, null), cancellationToken: cancellationToken);

    /// <inheritdoc/>
    public async IAsyncEnumerable<SnapshotAge> SnapshotAgesAsync(string entityType, int schema, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        var heads = new List<(Entity Entity, long Head)>();
        var keys = collections.HistoryDocuments.Find(HistoryKey.After(entityType, null)).Sort(Ascending).Project<BsonDocument>(Ascending);
        using var cursor = await keys.ToCursorAsync(cancellationToken).ConfigureAwait(false);
        while (await cursor.MoveNextAsync(cancellationToken).ConfigureAwait(false))
        {
            foreach (var key in cursor.Current.Select(document => document["_id"].AsBsonDocument))
            {
                var (entity, version) = (new Entity(entityType, key["entityId"].AsString), key["version"].ToInt64());
                if (heads.Count > 0 && heads[^1].Entity == entity)
                {
                    heads[^1] = (entity, version);
                    continue;
                }

                if (heads.Count == SnapshotsAtOnce)
                {
                    foreach (var age in await AgesAsync(heads, schema, cancellationToken).ConfigureAwait(false))
                    {
                        yield return age;
                    }

                    heads.Clear();
                }

                heads.Add((entity, version));
            }
        }

        foreach (var age in await AgesAsync(heads, schema, cancellationToken).ConfigureAwait(false))
        {
            yield return age;
        }
    }

    /// <inheritdoc/>
    public async Task<bool> SnapshotAsync(
        Entity entity, Func<IHistoryReader, CancellationToken, Task<StoredSnapshot?>> make, bool replaces, CancellationToken cancellationToken)
    {
        using var session = await sessions.StartAsync(cancellationToken).ConfigureAwait(false);
        return await session.Handle.RunTransactionAsync(
            async (handle, token) =>
            {
                var key = new BsonDocument("_id", HistoryKey.Single(entity));
                var stored = await collections.Snapshots.Find(handle, key).FirstOrDefaultAsync(token).ConfigureAwait(false);
                var made = await make(new MongoHistoryReader(collections, handle), token).ConfigureAwait(false);
                if (made is null)
                {
                    return replaces && (await collections.Snapshots.DeleteOneAsync(handle, key, cancellationToken: token).ConfigureAwait(false)).DeletedCount > 0;
                }

                if (!replaces && !IsNewer(made, stored))
                {
                    return false;
                }

                await collections.Snapshots.ReplaceOneAsync(handle, key, SnapshotDocument.Of(entity, made), new ReplaceOptions { IsUpsert = true }, token).ConfigureAwait(false);
                return true;
            },
            Options,
            cancellationToken).ConfigureAwait(false);
    }

    /// <inheritdoc/>
    public async Task EraseAsync(IReadOnlyList<(KeptEvent Event, string Payload)> changes, string reason, CancellationToken cancellationToken)
    {
        var erased = new BsonDocument { { "at", time.GetUtcNow().UtcDateTime }, { "reason", reason } };
        var writes = changes.Select(change => new UpdateOneModel<BsonDocument>(
            new BsonDocument { { "_id", HistoryKey.Of(change.Event.Message) }, { "payload", change.Event.Message.Payload } },
            new BsonDocument("$set", new BsonDocument { { "payload", change.Payload }, { "erased", erased } }))).ToList();
        using var session = await sessions.StartAsync(cancellationToken).ConfigureAwait(false);
        await session.Handle.RunTransactionAsync(
            async (handle, token) =>
            {
                var written = await collections.HistoryDocuments.BulkWriteAsync(handle, writes, cancellationToken: token).ConfigureAwait(false);
                return written.MatchedCount == writes.Count ? true : throw new OutboxException(
                    $"Events of {changes[0].Event.Message.Entity} were changed by somebody else while they were being erased. Nothing of this page was changed: erase again.");
            },
            Options,
            cancellationToken).ConfigureAwait(false);
    }

    /// <summary>Of two shapes, neither is better: instances of two releases may run, and one may be taken back.</summary>
    private static bool IsNewer(StoredSnapshot made, BsonDocument? stored)
    {
        var (version, schema) = stored is null ? (0, null) : (SnapshotDocument.Number(stored, "version") ?? 0, SnapshotDocument.Number(stored, "schema"));
        return made.Version > version || (made.Version == version && schema != made.Schema);
    }

    private async Task<List<SnapshotAge>> AgesAsync(List<(Entity Entity, long Head)> heads, int schema, CancellationToken cancellationToken)
    {
        var filter = new BsonDocument { { "_id", new BsonDocument("$in", new BsonArray(heads.Select(head => HistoryKey.Single(head.Entity)))) }, { "schema", schema } };
        var found = await collections.Snapshots.Find(filter).Project<BsonDocument>(new BsonDocument("version", 1)).ToListAsync(cancellationToken).ConfigureAwait(false);
        var versions = found.ToDictionary(document => document["_id"]["entityId"].AsString, document => SnapshotDocument.Number(document, "version") ?? 0, StringComparer.Ordinal);
        return [.. heads.Select(head => new SnapshotAge(head.Entity, head.Head, versions.GetValueOrDefault(head.Entity.Id)))];
    }
}
