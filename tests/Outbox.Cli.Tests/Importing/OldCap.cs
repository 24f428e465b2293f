using MongoDB.Bson;
using MongoDB.Driver;

namespace Outbox.Cli.Tests.Importing;

/// <summary>
/// CAP's retries as their source has them, with UseStorageLock: under the lock it reads up to 200 messages that are old enough, sends each, and says of each afterwards, by its id alone, that it is sent.
/// </summary>
internal sealed class OldCap(IMongoDatabase database, Func<BsonDocument, Task> send)
{
    private static readonly TimeSpan Length = TimeSpan.FromSeconds(70);

    private readonly IMongoCollection<BsonDocument> _published = database.GetCollection<BsonDocument>("cap.published");
    private readonly IMongoCollection<BsonDocument> _locks = database.GetCollection<BsonDocument>("cap.lock");

    public int Sent { get; private set; }

    public async Task RunAsync(CancellationToken cancellation)
    {
        while (!cancellation.IsCancellationRequested)
        {
            if (await TakeLockAsync())
            {
                foreach (var message in await ReadAsync())
                {
                    await SendAsync(message);
                }

                await _locks.UpdateOneAsync(
                    new BsonDocument { { "_id", "publish_retry_v1" }, { "Instance", "shop-1" } },
                    new BsonDocument("$set", new BsonDocument { { "Instance", "" }, { "LastLockTime", DateTime.MinValue } }),
                    cancellationToken: CancellationToken.None);
            }

            await Task.Delay(200, CancellationToken.None);
        }
    }

    /// <summary>What it takes into its memory.</summary>
    public Task<List<BsonDocument>> ReadAsync() => _published.Find(new BsonDocument
    {
        { "Retries", new BsonDocument("$lt", 50) },
        { "Added", new BsonDocument("$lt", DateTime.UtcNow.AddMinutes(-4)) },
        { "Version", "v1" },
        { "StatusName", new BsonDocument("$in", new BsonArray { "Failed", "Scheduled" }) },
    }).Limit(200).ToListAsync();

    /// <summary>Sends what it has in its memory.</summary>
    public async Task SendAsync(BsonDocument message)
    {
        await send(message);
        Sent++;
        await _published.UpdateOneAsync(
            new BsonDocument("_id", message["_id"]),
            new BsonDocument("$set", new BsonDocument { { "Content", message["Content"] }, { "ExpiresAt", DateTime.UtcNow.AddDays(1) }, { "StatusName", "Succeeded" } }));
    }

    private async Task<bool> TakeLockAsync() => (await _locks.UpdateOneAsync(
        new BsonDocument { { "_id", "publish_retry_v1" }, { "LastLockTime", new BsonDocument("$lt", DateTime.UtcNow - Length) } },
        new BsonDocument("$set", new BsonDocument { { "Instance", "shop-1" }, { "LastLockTime", DateTime.UtcNow } }))).ModifiedCount == 1;
}
