using MongoDB.Bson;
using MongoDB.Driver;

namespace Outbox.Embedded.Tests.MongoDb.Faults;

public sealed class ChangeStreamFaultTests : FaultTest
{
    [Fact]
    public async Task A_stream_never_tells_what_is_not_majority_committed()
    {
        await Collection.InsertOneAsync(Doc("{ _id: 0 }"));
        using var stream = await Collection.WatchAsync(new ChangeStreamOptions { MaxAwaitTime = TimeSpan.FromMilliseconds(100) });
        Server.Faults.HoldMajority();
        await Collection.WithWriteConcern(WriteConcern.W1).InsertOneAsync(Doc("{ _id: 1 }"));
        Assert.True(await stream.MoveNextAsync());
        Assert.True(await stream.MoveNextAsync());
        Assert.Empty(stream.Current);
        await Server.Faults.RollbackAsync();
        await Collection.InsertOneAsync(Doc("{ _id: 2 }"));
        Assert.Equal(2, (await NextAsync(stream)).DocumentKey["_id"].ToInt32());
    }

    [Fact]
    public async Task A_stream_survives_lost_connections_and_elections()
    {
        using var stream = await Collection.WatchAsync(new ChangeStreamOptions { MaxAwaitTime = TimeSpan.FromMilliseconds(100) });
        await Collection.InsertOneAsync(Doc("{ _id: 1 }"));
        Assert.Equal(1, (await NextAsync(stream)).DocumentKey["_id"].ToInt32());
        Server.Faults.CloseConnections();
        // By a client with no connection to lose: a driver repeats a write only once, and may meet two closed connections.
        using var writer = new MongoClient(Server.ConnectionString + "&appName=writer");
        await writer.GetDatabase("faults").GetCollection<BsonDocument>("things").InsertOneAsync(Doc("{ _id: 2 }"));
        Assert.Equal(2, (await NextAsync(stream)).DocumentKey["_id"].ToInt32());
        Server.Faults.StepDown();
        Server.Faults.StepUp();
        await Collection.InsertOneAsync(Doc("{ _id: 3 }"));
        Assert.Equal(3, (await NextAsync(stream)).DocumentKey["_id"].ToInt32());
    }

    [Fact]
    public async Task A_place_that_the_oplog_has_left_behind_is_lost()
    {
        using var stream = await Collection.WatchAsync();
        var token = stream.GetResumeToken();
        await Collection.InsertManyAsync(Enumerable.Range(0, 150).Select(i => new BsonDocument("_id", i)));
        var lost = await Assert.ThrowsAsync<MongoCommandException>(() => NextAsync(stream));
        Assert.Equal(286, lost.Code);
        lost = await Assert.ThrowsAsync<MongoCommandException>(() => Collection.WatchAsync(new ChangeStreamOptions { ResumeAfter = token }));
        Assert.Equal(286, lost.Code);
    }

    private static async Task<ChangeStreamDocument<BsonDocument>> NextAsync(IChangeStreamCursor<ChangeStreamDocument<BsonDocument>> stream)
    {
        using var deadline = new CancellationTokenSource(TimeSpan.FromSeconds(20));
        while (await stream.MoveNextAsync(deadline.Token))
        {
            if (stream.Current.FirstOrDefault() is { } change)
            {
                return change;
            }
        }

        throw new InvalidOperationException("The stream ended");
    }
}
