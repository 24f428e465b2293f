using MongoDB.Bson;
using MongoDB.Driver;

namespace Outbox.Embedded.Tests.MongoDb.Conformance;

/// killSessions: how the sessions of a process that died are ended, so that its documents are free before their transactions' time is over.
public sealed class KillSessionsTests(MongoFixture mongo) : ConformanceTest(mongo)
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);

    [Fact]
    public async Task The_documents_of_a_killed_transaction_are_free_at_once()
    {
        await Collection.InsertOneAsync(Doc("{ _id: 1, v: 0 }"));
        using var session = await OpenAsync();
        await KillAsync(session);
        using var other = await Client.StartSessionAsync();
        other.StartTransaction();
        await Collection.UpdateOneAsync(other, Doc("{ _id: 1 }"), Doc("{ $set: { v: 2 } }"));
        await other.CommitTransactionAsync();
        Assert.Equal(2, (await FindAsync()).Single()["v"]);
    }

    [Fact]
    public async Task A_write_that_waits_for_a_killed_transaction_goes_on()
    {
        await Collection.InsertOneAsync(Doc("{ _id: 1, v: 0 }"));
        using var session = await OpenAsync();
        var waiting = Collection.UpdateOneAsync(Doc("{ _id: 1 }"), Doc("{ $set: { v: 2 } }"));
        await KillAsync(session);
        Assert.Equal(1, (await waiting.WaitAsync(Patience)).ModifiedCount);
    }

    [Fact]
    public async Task A_statement_of_a_killed_transaction_and_its_commit_are_told_that_there_is_none()
    {
        await Collection.InsertOneAsync(Doc("{ _id: 1, v: 0 }"));
        using var session = await OpenAsync();
        await KillAsync(session);
        var statement = await Assert.ThrowsAsync<MongoCommandException>(() => Collection.Find(session, Doc("{}")).ToListAsync());
        var commit = await Assert.ThrowsAsync<MongoCommandException>(() => session.CommitTransactionAsync());
        Assert.Equal((251, true), (statement.Code, statement.HasErrorLabel("TransientTransactionError")));
        Assert.Equal((251, true), (commit.Code, commit.HasErrorLabel("TransientTransactionError")));
        Assert.Equal(0, (await FindAsync()).Single()["v"]);
    }

    [Fact]
    public async Task A_killed_session_begins_its_next_transaction_as_if_nothing_had_been()
    {
        await Collection.InsertOneAsync(Doc("{ _id: 1, v: 0 }"));
        using var session = await OpenAsync();
        await KillAsync(session);
        await session.AbortTransactionAsync();
        await session.WithTransactionAsync(async (s, ct) => await Collection.UpdateOneAsync(s, Doc("{ _id: 1 }"), Doc("{ $set: { v: 3 } }"), cancellationToken: ct));
        Assert.Equal(3, (await FindAsync()).Single()["v"]);
    }

    [Fact]
    public async Task The_cursors_of_a_killed_session_are_gone()
    {
        await Collection.InsertManyAsync(Enumerable.Range(0, 10).Select(i => new BsonDocument("_id", i)));
        using var session = await Client.StartSessionAsync();
        var reply = await Database.RunCommandAsync<BsonDocument>(session, Doc("{ find: 'things', batchSize: 1 }"));
        await KillAsync(session);
        var getMore = new BsonDocument { { "getMore", reply["cursor"]["id"] }, { "collection", "things" } };
        Assert.Equal(43, (await Assert.ThrowsAsync<MongoCommandException>(() => Database.RunCommandAsync<BsonDocument>(session, getMore))).Code);
    }

    [Fact]
    public async Task A_command_that_waits_in_a_killed_session_is_interrupted()
    {
        await Collection.InsertOneAsync(Doc("{ _id: 1, v: 0 }"));
        using var holder = await OpenAsync();
        using var session = await Client.StartSessionAsync();
        var waiting = Collection.UpdateOneAsync(session, Doc("{ _id: 1 }"), Doc("{ $set: { v: 2 } }"));
        for (var attempts = 0; !waiting.IsCompleted && attempts < 600; attempts++)
        {
            // The write may not have come to the server yet.
            await KillAsync(session);
            await Task.WhenAny(waiting, Task.Delay(50));
        }

        Assert.Equal(11601, (await Assert.ThrowsAsync<MongoCommandException>(() => waiting.WaitAsync(Patience))).Code);
        await holder.AbortTransactionAsync();
        Assert.Equal(0, (await FindAsync()).Single()["v"]);
    }

    [Fact]
    public async Task A_killed_session_still_knows_which_writes_it_has_made()
    {
        await Collection.InsertOneAsync(Doc("{ _id: 1, v: 0 }"));
        var lsid = new BsonDocument("id", new BsonBinaryData(Guid.NewGuid(), GuidRepresentation.Standard));
        var write = Doc("{ update: 'things', updates: [{ q: { _id: 1 }, u: { $inc: { v: 1 } } }], txnNumber: { $numberLong: '1' } }").Add("lsid", lsid);
        await Database.RunCommandAsync<BsonDocument>(write);
        await Client.GetDatabase("admin").RunCommandAsync<BsonDocument>(new BsonDocument("killSessions", new BsonArray { lsid }));
        Assert.Equal(1, (await Database.RunCommandAsync<BsonDocument>(write))["n"].ToInt32());
        Assert.Equal(1, (await FindAsync()).Single()["v"]);
    }

    [Fact]
    public async Task To_kill_a_session_that_nobody_knows_is_no_error() =>
        await Client.GetDatabase("admin").RunCommandAsync<BsonDocument>(
            new BsonDocument("killSessions", new BsonArray { new BsonDocument("id", new BsonBinaryData(Guid.NewGuid(), GuidRepresentation.Standard)) }));

    /// A session whose transaction holds the document.
    private async Task<IClientSessionHandle> OpenAsync()
    {
        var session = await Client.StartSessionAsync();
        session.StartTransaction();
        await Collection.UpdateOneAsync(session, Doc("{ _id: 1 }"), Doc("{ $set: { v: 1 } }"));
        return session;
    }

    private Task KillAsync(IClientSessionHandle session) =>
        Client.GetDatabase("admin").RunCommandAsync<BsonDocument>(new BsonDocument("killSessions", new BsonArray { session.ServerSession.Id }));
}
