using MongoDB.Bson;
using MongoDB.Driver;

namespace Outbox.MongoDb.Inbox.Replaying;

/// <summary>
/// The collections of snapshots, <c>replay.&lt;snapshot&gt;.&lt;try&gt;.&lt;collection&gt;</c>. Each try has collections of its own: one that was stopped for longer than its lease, and goes on, cannot spoil those of another.
/// </summary>
internal sealed class SnapshotCopies(OutboxCollections collections)
{
    private const int BatchSize = 500;

    private static readonly BsonDocument All = [];
    private static readonly BsonDocument ById = new("_id", 1);

    /// <summary>The name of a new try.</summary>
    public static string NewTry(string snapshot) => $"{snapshot}.{ObjectId.GenerateNewId()}";

    /// <summary>Makes a copy. It is there also when there is nothing to copy: one that is not is lost.</summary>
    public async Task TakeAsync(string name, BsonDocument filter, string copies, Func<Task> keep, CancellationToken cancellationToken)
    {
        await keep().ConfigureAwait(false);
        await collections.Database.CreateCollectionAsync(NameOf(copies, name), cancellationToken: cancellationToken).ConfigureAwait(false);
        await CopyAsync(Get(name), filter, Get(NameOf(copies, name)), null, keep, cancellationToken).ConfigureAwait(false);
    }

    /// <summary>Puts a copy in place of what is there. It may be repeated after a crash.</summary>
    public async Task RestoreAsync(string copies, string name, BsonDocument filter, Action<BsonDocument>? change, Func<Task> keep, CancellationToken cancellationToken)
    {
        await keep().ConfigureAwait(false);
        await Get(name).DeleteManyAsync(filter, cancellationToken).ConfigureAwait(false);
        await CopyAsync(Get(NameOf(copies, name)), All, Get(name), change, keep, cancellationToken).ConfigureAwait(false);
    }

    /// <summary>Which of these copies are not there.</summary>
    public async Task<IReadOnlyList<string>> MissingAsync(string copies, IEnumerable<string> names, CancellationToken cancellationToken)
    {
        var there = await ListAsync(copies, cancellationToken).ConfigureAwait(false);
        return [.. names.Select(name => NameOf(copies, name)).Except(there, StringComparer.Ordinal)];
    }

    /// <summary>Removes all copies of a snapshot, of whichever try.</summary>
    /// <param name="snapshot">The snapshot.</param>
    /// <param name="copies">The try that stays, if one does.</param>
    /// <param name="cancellationToken">Cancels it.</param>
    public async Task DropAsync(string snapshot, string? copies, CancellationToken cancellationToken)
    {
        foreach (var name in await ListAsync(snapshot, cancellationToken).ConfigureAwait(false))
        {
            if (copies is null || !name.StartsWith(NameOf(copies, ""), StringComparison.Ordinal))
            {
                await collections.Database.DropCollectionAsync(name, cancellationToken).ConfigureAwait(false);
            }
        }
    }

    private async Task<List<string>> ListAsync(string prefix, CancellationToken cancellationToken)
    {
        using var names = await collections.Database.ListCollectionNamesAsync(cancellationToken: cancellationToken).ConfigureAwait(false);
        return (await names.ToListAsync(cancellationToken).ConfigureAwait(false)).FindAll(name => name.StartsWith(NameOf(prefix, ""), StringComparison.Ordinal));
    }

    private string NameOf(string copies, string name) => $"{collections.Names.ReplayCopies}{copies}.{name}";

    private IMongoCollection<BsonDocument> Get(string name) => collections.Database.GetCollection<BsonDocument>(name);

    private static async Task CopyAsync(
        IMongoCollection<BsonDocument> source, BsonDocument filter, IMongoCollection<BsonDocument> target, Action<BsonDocument>? change, Func<Task> keep, CancellationToken cancellationToken)
    {
        var find = new FindOptions<BsonDocument> { BatchSize = BatchSize, Sort = ById };
        using var cursor = await source.FindAsync(filter, find, cancellationToken).ConfigureAwait(false);
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
