using Microsoft.Extensions.Time.Testing;
using MongoDB.Bson;
using MongoDB.Driver;
using Outbox.Embedded.MongoDb;

namespace Outbox.Embedded.Tests.MongoDb.Faults;

/// What time alone brings about, on a clock that the test moves.
public sealed class LifetimeTests
{
    [Fact]
    public async Task A_transaction_that_lives_too_long_is_aborted_and_frees_its_documents()
    {
        var time = new FakeTimeProvider(DateTimeOffset.UtcNow);
        await using var server = await MongoServer.StartAsync(new MongoServerOptions { TimeProvider = time, TransactionLifetime = TimeSpan.FromSeconds(10) });
        using var client = new MongoClient(server.ConnectionString);
        var collection = client.GetDatabase("faults").GetCollection<BsonDocument>("things");
        await collection.InsertOneAsync(new BsonDocument("_id", 1));
        using var session = await client.StartSessionAsync();
        session.StartTransaction();
        await collection.UpdateOneAsync(session, new BsonDocument("_id", 1), BsonDocument.Parse("{ $set: { v: 1 } }"));
        var waiting = collection.UpdateOneAsync(new BsonDocument("_id", 1), BsonDocument.Parse("{ $set: { v: 2 } }"));
        time.Advance(TimeSpan.FromSeconds(5));
        Assert.False(waiting.IsCompleted);
        while (!waiting.IsCompleted)
        {
            time.Advance(TimeSpan.FromSeconds(1));
            await Task.Yield();
        }

        Assert.Equal(1, (await waiting).ModifiedCount);
        var error = await Assert.ThrowsAnyAsync<MongoException>(() => session.CommitTransactionAsync());
        Assert.True(error.HasErrorLabel("TransientTransactionError"));
    }

    [Fact]
    public async Task Documents_expire_on_the_servers_clock()
    {
        await using var server = await MongoServer.StartAsync(new MongoServerOptions { TtlInterval = TimeSpan.FromMilliseconds(20) });
        using var client = new MongoClient(server.ConnectionString);
        var collection = client.GetDatabase("faults").GetCollection<BsonDocument>("things");
        await collection.Indexes.CreateOneAsync(new CreateIndexModel<BsonDocument>(
            new BsonDocument("at", 1),
            new CreateIndexOptions<BsonDocument> { ExpireAfter = TimeSpan.FromHours(1), PartialFilterExpression = new BsonDocument("deleted", true) }));
        await collection.InsertManyAsync([new BsonDocument { { "_id", 1 }, { "at", DateTime.UtcNow }, { "deleted", true } }, new BsonDocument { { "_id", 2 }, { "at", DateTime.UtcNow } }]);
        server.Faults.ClockOffset = TimeSpan.FromHours(2);
        using var deadline = new CancellationTokenSource(TimeSpan.FromSeconds(20));
        while (await collection.CountDocumentsAsync(new BsonDocument(), cancellationToken: deadline.Token) > 1)
        {
            await Task.Yield();
        }

        Assert.Equal(2, (await collection.Find(new BsonDocument()).SingleAsync())["_id"]);
    }
}
