using MongoDB.Bson;
using MongoDB.Driver;

namespace Outbox.Embedded.Tests.MongoDb.Conformance;

public sealed class SessionTests(MongoFixture mongo) : ConformanceTest(mongo)
{
    [Fact]
    public async Task Replies_tell_the_time_of_the_operation_and_of_the_cluster()
    {
        using var session = await Client.StartSessionAsync();
        await Collection.InsertOneAsync(session, Doc("{ _id: 1 }"));
        var first = session.OperationTime;
        await Collection.InsertOneAsync(session, Doc("{ _id: 2 }"));
        Assert.True(session.OperationTime > first);
        Assert.True(session.ClusterTime["clusterTime"].AsBsonTimestamp >= session.OperationTime);
    }

    [Fact]
    public async Task A_causally_consistent_session_reads_its_own_majority_writes()
    {
        using var session = await Client.StartSessionAsync(new ClientSessionOptions { CausalConsistency = true });
        var majority = Collection.WithReadConcern(ReadConcern.Majority);
        for (var i = 0; i < 20; i++)
        {
            await Collection.InsertOneAsync(session, new BsonDocument("_id", i));
            Assert.Equal(i + 1, (await majority.Find(session, Doc("{}")).ToListAsync()).Count);
        }
    }

    [Fact]
    public async Task Ending_a_session_ends_its_transaction()
    {
        await Collection.InsertOneAsync(Doc("{ _id: 1 }"));
        var lsid = new BsonDocument("id", new BsonBinaryData(Guid.NewGuid(), GuidRepresentation.Standard));
        await Database.RunCommandAsync<BsonDocument>(
            Doc("{ update: 'things', updates: [{ q: { _id: 1 }, u: { $set: { v: 1 } } }], startTransaction: true, autocommit: false, txnNumber: { $numberLong: '1' } }").Add("lsid", lsid));
        await Database.RunCommandAsync<BsonDocument>(new BsonDocument("killSessions", new BsonArray { lsid }));
        await Collection.UpdateOneAsync(Doc("{ _id: 1 }"), Doc("{ $set: { v: 2 } }"));
        Assert.Equal(2, (await FindAsync()).Single()["v"]);
    }

    [Fact]
    public async Task A_cursor_belongs_to_its_session()
    {
        await Collection.InsertManyAsync(Enumerable.Range(0, 5).Select(i => new BsonDocument("_id", i)));
        using var session = await Client.StartSessionAsync();
        var reply = await Database.RunCommandAsync<BsonDocument>(session, Doc("{ find: 'things', batchSize: 1 }"));
        var getMore = new BsonDocument { { "getMore", reply["cursor"]["id"] }, { "collection", "things" } };
        using var other = await Client.StartSessionAsync();
        await Assert.ThrowsAsync<MongoCommandException>(() => Database.RunCommandAsync<BsonDocument>(other, getMore));
        Assert.Equal(4, (await Database.RunCommandAsync<BsonDocument>(session, getMore))["cursor"]["nextBatch"].AsBsonArray.Count);
    }

    [Fact]
    public async Task The_server_is_a_replica_set_with_sessions()
    {
        var hello = await Client.GetDatabase("admin").RunCommandAsync<BsonDocument>(Doc("{ hello: 1 }"));
        Assert.True(hello["isWritablePrimary"].ToBoolean());
        Assert.True(hello["maxWireVersion"].ToInt32() >= 9);
        Assert.Equal(30, hello["logicalSessionTimeoutMinutes"].ToInt32());
        Assert.True(hello.Contains("setName"));
    }
}
