using MongoDB.Bson;
using MongoDB.Driver;

namespace Outbox.Cli.Importing.Cap;

/// <summary>
/// The lock of CAP's retries (<c>UseStorageLock</c>): a document with the time until which, and a while longer, nobody else retries. Where CAP is not set to use it there is none, and its retries know no lock.
/// </summary>
/// <param name="database">The database of CAP's storage.</param>
/// <param name="collections">What its collection of locks may be called.</param>
/// <param name="retries">What is retried under it: <see cref="OfPublished"/> or <see cref="OfReceived"/>.</param>
internal sealed class CapLock(IMongoDatabase database, IReadOnlyList<string> collections, string retries)
{
    public const string OfPublished = "publish_retry";
    public const string OfReceived = "received_retry";

    private const string Mine = "outbox import";

    /// <summary>CAP's own locks end a little after the next retry is due, which by default is each minute.</summary>
    private static readonly TimeSpan Length = TimeSpan.FromSeconds(70);

    private static readonly DateTime Released = DateTime.SpecifyKind(DateTime.MinValue, DateTimeKind.Utc);

    private readonly HashSet<string> _held = [];

    /// <summary>Takes the lock of a version, or renews it.</summary>
    /// <returns>Whether nobody of CAP retries now; also where it has no lock.</returns>
    public async Task<bool> TryTakeAsync(string version, DateTimeOffset now, CancellationToken cancellationToken)
    {
        foreach (var collection in collections.Select(name => database.GetCollection<BsonDocument>(name)))
        {
            // An import's lock is every import's: one that was killed may have left it.
            var isFree = new BsonArray { new BsonDocument("Instance", Mine), new BsonDocument("LastLockTime", new BsonDocument("$lt", (now - Length).UtcDateTime)) };
            var free = new BsonDocument { { "_id", Key(version) }, { "$or", isFree } };
            var taken = new BsonDocument("$set", new BsonDocument { { "Instance", Mine }, { "LastLockTime", now.UtcDateTime } });
            if ((await collection.UpdateOneAsync(free, taken, cancellationToken: cancellationToken).ConfigureAwait(false)).MatchedCount == 1)
            {
                _held.Add(version);
                return true;
            }

            if (await collection.Find(new BsonDocument("_id", Key(version))).AnyAsync(cancellationToken).ConfigureAwait(false))
            {
                return false;
            }
        }

        return true;
    }

    /// <summary>Gives back what is held, as CAP does.</summary>
    public async Task ReleaseAsync()
    {
        foreach (var version in _held)
        {
            foreach (var collection in collections.Select(name => database.GetCollection<BsonDocument>(name)))
            {
                var mine = new BsonDocument { { "_id", Key(version) }, { "Instance", Mine } };
                var free = new BsonDocument("$set", new BsonDocument { { "Instance", "" }, { "LastLockTime", Released } });
                await collection.UpdateOneAsync(mine, free).ConfigureAwait(false);
            }
        }

        _held.Clear();
    }

    private string Key(string version) => $"{retries}_{version}";
}
