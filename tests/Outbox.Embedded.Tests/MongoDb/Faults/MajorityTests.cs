using MongoDB.Bson;
using MongoDB.Driver;

namespace Outbox.Embedded.Tests.MongoDb.Faults;

public sealed class MajorityTests : FaultTest
{
    [Fact]
    public async Task During_a_hold_a_write_is_seen_by_local_reads_only()
    {
        await Collection.InsertOneAsync(Doc("{ _id: 1, v: 1 }"));
        using (Server.Faults.HoldMajority())
        {
            await W1.InsertOneAsync(Doc("{ _id: 2 }"));
            await W1.UpdateOneAsync(Doc("{ _id: 1 }"), Doc("{ $set: { v: 2 } }"));
            Assert.Equal([Doc("{ _id: 1, v: 2 }"), Doc("{ _id: 2 }")], await ReadAsync(ReadConcern.Local));
            Assert.Equal([Doc("{ _id: 1, v: 1 }")], await ReadAsync(ReadConcern.Majority));
            using var session = await Client.StartSessionAsync(new ClientSessionOptions { CausalConsistency = false });
            session.StartTransaction(new TransactionOptions(ReadConcern.Snapshot));
            Assert.Equal([Doc("{ _id: 1, v: 1 }")], await Collection.Find(session, Doc("{}")).ToListAsync());
            await session.AbortTransactionAsync();
        }

        Assert.Equal([Doc("{ _id: 1, v: 2 }"), Doc("{ _id: 2 }")], await ReadAsync(ReadConcern.Majority));
    }

    [Fact]
    public async Task A_majority_write_waits_for_the_hold_to_end()
    {
        await Collection.InsertOneAsync(Doc("{ _id: 0 }"));
        var hold = Server.Faults.HoldMajority();
        var write = Collection.WithWriteConcern(WriteConcern.WMajority).InsertOneAsync(Doc("{ _id: 1 }"));
        while ((await ReadAsync(ReadConcern.Local)).Count < 2)
        {
            await Task.Yield();
        }

        Assert.False(write.IsCompleted);
        hold.Dispose();
        await write;
    }

    [Fact]
    public async Task A_majority_write_reports_its_timeout_and_stays()
    {
        using var hold = Server.Faults.HoldMajority();
        var concern = WriteConcern.WMajority.With(wTimeout: TimeSpan.FromMilliseconds(50));
        var error = await Assert.ThrowsAsync<MongoWriteException>(() => Collection.WithWriteConcern(concern).InsertOneAsync(Doc("{ _id: 1 }")));
        Assert.Equal(64, error.WriteConcernError.Code);
        Assert.Single(await ReadAsync(ReadConcern.Local));
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task A_commit_that_ends_while_it_waits_for_a_majority_was_made_and_says_so(bool killed)
    {
        await Collection.InsertOneAsync(Doc("{ _id: 0 }"));
        using var hold = Server.Faults.HoldMajority();
        using var session = await Client.StartSessionAsync();
        session.StartTransaction(new TransactionOptions(ReadConcern.Local, writeConcern: WriteConcern.WMajority, maxCommitTime: killed ? null : TimeSpan.FromMilliseconds(50)));
        await Collection.InsertOneAsync(session, Doc("{ _id: 1 }"));
        var commit = session.CommitTransactionAsync();
        while (killed && (await ReadAsync(ReadConcern.Local)).Count < 2)
        {
            await Task.Yield();
        }

        // The driver repeats the commit once by itself.
        for (var attempts = 0; killed && !commit.IsCompleted && attempts < 600; attempts++)
        {
            await Client.GetDatabase("admin").RunCommandAsync<BsonDocument>(new BsonDocument("killSessions", new BsonArray { session.ServerSession.Id }));
            await Task.WhenAny(commit, Task.Delay(50));
        }

        var error = await Assert.ThrowsAnyAsync<MongoException>(() => commit.WaitAsync(TimeSpan.FromSeconds(30)));
        Assert.True(error.HasErrorLabel("UnknownTransactionCommitResult"));
        Assert.Equal(killed ? 11601 : 50, error is MongoWriteConcernException concern ? concern.WriteConcernResult.Response["writeConcernError"]["code"].ToInt32() : 0);
        Assert.Equal(2, (await ReadAsync(ReadConcern.Local)).Count);
    }

    [Fact]
    public async Task A_rollback_discards_what_was_not_majority_committed()
    {
        await Collection.Indexes.CreateOneAsync(new CreateIndexModel<BsonDocument>(Doc("{ v: 1 }"), new CreateIndexOptions { Unique = true }));
        await Collection.InsertManyAsync([Doc("{ _id: 1, v: 1 }"), Doc("{ _id: 2, v: 2 }")]);
        Server.Faults.HoldMajority();
        await W1.InsertOneAsync(Doc("{ _id: 3, v: 3 }"));
        await W1.UpdateOneAsync(Doc("{ _id: 1 }"), Doc("{ $set: { v: 10 } }"));
        await W1.UpdateOneAsync(Doc("{ _id: 1 }"), Doc("{ $set: { v: 11 } }"));
        await W1.DeleteOneAsync(Doc("{ _id: 2 }"));
        await Client.GetDatabase("faults").GetCollection<BsonDocument>("others").WithWriteConcern(WriteConcern.W1).InsertOneAsync(Doc("{ _id: 1 }"));
        await Server.Faults.RollbackAsync(TimeSpan.FromMilliseconds(100));
        Assert.Equal([Doc("{ _id: 1, v: 1 }"), Doc("{ _id: 2, v: 2 }")], await ReadAsync(ReadConcern.Local));
        Assert.Equal(2, await Collection.EstimatedDocumentCountAsync());
        Assert.Equal(["things"], await (await Client.GetDatabase("faults").ListCollectionNamesAsync()).ToListAsync());
        await Collection.InsertManyAsync([Doc("{ _id: 3, v: 11 }"), Doc("{ _id: 4, v: 10 }"), Doc("{ _id: 5, v: 3 }")]);
        await Assert.ThrowsAsync<MongoWriteException>(() => Collection.InsertOneAsync(Doc("{ _id: 6, v: 2 }")));
    }

    [Fact]
    public async Task A_rollback_gives_collections_their_names_back()
    {
        var database = Client.GetDatabase("faults").WithWriteConcern(WriteConcern.W1);
        await Collection.InsertManyAsync([Doc("{ _id: 1 }"), Doc("{ _id: 2 }")]);
        await database.GetCollection<BsonDocument>("others").WithWriteConcern(WriteConcern.WMajority).InsertOneAsync(Doc("{ _id: 'other' }"));
        Server.Faults.HoldMajority();
        await database.RenameCollectionAsync("things", "others", new RenameCollectionOptions { DropTarget = true });
        await database.GetCollection<BsonDocument>("others").InsertOneAsync(Doc("{ _id: 3 }"));
        await database.RenameCollectionAsync("others", "third");
        await database.GetCollection<BsonDocument>("third").Aggregate().OutAsync("things");
        await database.DropCollectionAsync("third");
        await Server.Faults.RollbackAsync();
        Assert.Equal(["others", "things"], await (await database.ListCollectionNamesAsync()).ToListAsync());
        Assert.Equal([Doc("{ _id: 1 }"), Doc("{ _id: 2 }")], await ReadAsync(ReadConcern.Local));
        Assert.Equal(2, await Collection.EstimatedDocumentCountAsync());
        Assert.Equal([Doc("{ _id: 'other' }")], await database.GetCollection<BsonDocument>("others").Find(Doc("{}")).ToListAsync());
    }

    [Fact]
    public async Task A_retryable_majority_write_survives_the_rollback_of_its_first_attempt()
    {
        await Collection.InsertOneAsync(Doc("{ _id: 0 }"));
        Server.Faults.HoldMajority();
        var write = Collection.WithWriteConcern(WriteConcern.WMajority).InsertOneAsync(Doc("{ _id: 1 }"));
        while ((await ReadAsync(ReadConcern.Local)).Count < 2)
        {
            await Task.Yield();
        }

        await Server.Faults.RollbackAsync();
        await write;
        Assert.Equal([Doc("{ _id: 0 }"), Doc("{ _id: 1 }")], await ReadAsync(ReadConcern.Majority));
    }

    [Fact]
    public async Task A_commit_that_was_rolled_back_is_never_confirmed()
    {
        await Collection.InsertOneAsync(Doc("{ _id: 0 }"));
        Server.Faults.HoldMajority();
        using var session = await Client.StartSessionAsync();
        session.StartTransaction(new TransactionOptions(writeConcern: WriteConcern.WMajority));
        await Collection.InsertOneAsync(session, Doc("{ _id: 1 }"));
        var commit = session.CommitTransactionAsync();
        while ((await ReadAsync(ReadConcern.Local)).Count < 2)
        {
            await Task.Yield();
        }

        await Server.Faults.RollbackAsync();
        var error = await Assert.ThrowsAnyAsync<MongoException>(() => commit);
        Assert.True(error.HasErrorLabel("TransientTransactionError"));
        Assert.Equal([Doc("{ _id: 0 }")], await ReadAsync(ReadConcern.Local));
    }

    private IMongoCollection<BsonDocument> W1 => Collection.WithWriteConcern(WriteConcern.W1);
}
