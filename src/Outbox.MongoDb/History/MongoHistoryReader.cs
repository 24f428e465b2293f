using System.Runtime.CompilerServices;
using MongoDB.Bson;
using MongoDB.Driver;
using Outbox.History.Storing;
using Outbox.Messages;

namespace Outbox.MongoDb.History;

/// <summary>Reads events along the index of <c>_id</c>.</summary>
/// <param name="collections">The collections.</param>
/// <param name="session">The session of the transaction to read in; <see langword="null"/> for what a majority has.</param>
internal sealed class MongoHistoryReader(OutboxCollections collections, IClientSessionHandle? session) : IHistoryReader
{
    private static readonly BsonDocument Ascending = new("_id", 1);
    private static readonly BsonDocument Descending = new("_id", -1);

    /// <inheritdoc/>
    public async Task<long> HeadAsync(Entity entity, CancellationToken cancellationToken) =>
        VersionOf(await Last(entity).FirstOrDefaultAsync(cancellationToken).ConfigureAwait(false));

    /// <summary>As <see cref="HeadAsync"/>, for a caller that cannot await.</summary>
    public long Head(Entity entity, CancellationToken cancellationToken) => VersionOf(Last(entity).FirstOrDefault(cancellationToken));

    /// <inheritdoc/>
    public async IAsyncEnumerable<KeptEvent> ReadAsync(Entity entity, long from, long to, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        var found = session is null ? collections.History.Find(HistoryKey.Range(entity, from, to)) : collections.History.Find(session, HistoryKey.Range(entity, from, to));
        using var cursor = await found.Sort(Ascending).ToCursorAsync(cancellationToken).ConfigureAwait(false);
        while (await cursor.MoveNextAsync(cancellationToken).ConfigureAwait(false))
        {
            foreach (var kept in cursor.Current)
            {
                yield return kept;
            }
        }
    }

    /// <inheritdoc/>
    public async Task<StoredSnapshot?> FindSnapshotAsync(Entity entity, int schema, CancellationToken cancellationToken)
    {
        var filter = new BsonDocument { { "_id", HistoryKey.Single(entity) }, { "schema", schema } };
        var found = session is null ? collections.Snapshots.Find(filter) : collections.Snapshots.Find(session, filter);
        return SnapshotDocument.Read(await found.FirstOrDefaultAsync(cancellationToken).ConfigureAwait(false));
    }

    private IFindFluent<BsonDocument, BsonDocument> Last(Entity entity)
    {
        var all = HistoryKey.All(entity);
        var found = session is null ? collections.HistoryDocuments.Find(all) : collections.HistoryDocuments.Find(session, all);
        return found.Sort(Descending).Limit(1).Project<BsonDocument>(Ascending);
    }

    private static long VersionOf(BsonDocument? last) => last is null ? 0 : last["_id"]["version"].ToInt64();
}
