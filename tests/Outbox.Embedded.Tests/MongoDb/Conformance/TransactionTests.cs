using MongoDB.Bson;
using MongoDB.Driver;

namespace Outbox.Embedded.Tests.MongoDb.Conformance;

public sealed class TransactionTests(MongoFixture mongo) : ConformanceTest(mongo)
{
    [Fact]
    public async Task Nobody_else_sees_a_transaction_before_it_commits()
    {
        await Database.CreateCollectionAsync("things");
        using var session = await Client.StartSessionAsync();
        session.StartTransaction();
        await Collection.InsertOneAsync(session, Doc("{ _id: 1 }"));
        Assert.Single(await Collection.Find(session, Doc("{}")).ToListAsync());
        Assert.Empty(await FindAsync());
        await session.CommitTransactionAsync();
        Assert.Single(await FindAsync());
    }

    [Fact]
    public async Task An_aborted_transaction_leaves_nothing()
    {
        await Collection.InsertOneAsync(Doc("{ _id: 1, v: 1 }"));
        using var session = await Client.StartSessionAsync();
        session.StartTransaction();
        await Collection.InsertOneAsync(session, Doc("{ _id: 2 }"));
        await Collection.UpdateOneAsync(session, Doc("{ _id: 1 }"), Doc("{ $set: { v: 2 } }"));
        await session.AbortTransactionAsync();
        Assert.Equal([Doc("{ _id: 1, v: 1 }")], await FindAsync());
    }

    [Fact]
    public async Task Who_reads_a_collection_that_only_an_aborted_transaction_made_finds_nothing()
    {
        using var session = await Client.StartSessionAsync();
        for (var i = 0; i < 300; i++)
        {
            var collection = Database.GetCollection<BsonDocument>($"made{i}");
            session.StartTransaction();
            await collection.InsertOneAsync(session, Doc("{ _id: 1 }"));
            var aborted = session.AbortTransactionAsync();
            do
            {
                Assert.Empty(await collection.Find(Doc("{}")).ToListAsync());
            }
            while (!aborted.IsCompleted);

            await aborted;
        }
    }

    [Fact]
    public async Task An_index_that_waited_for_a_transaction_which_made_the_collection_and_is_aborted_is_there()
    {
        using var session = await Client.StartSessionAsync();
        session.StartTransaction();
        await Collection.InsertOneAsync(session, Doc("{ _id: 1 }"));
        var made = Collection.Indexes.CreateOneAsync(new CreateIndexModel<BsonDocument>(Doc("{ v: 1 }")));
        // Nothing tells from outside that the server has begun to wait; if it has not yet, it must come out the same.
        await Task.WhenAny(made, Task.Delay(100));
        await session.AbortTransactionAsync();

        Assert.Equal("v_1", await made);
        Assert.Equal(["_id_", "v_1"], (await (await Collection.Indexes.ListAsync()).ToListAsync()).Select(index => index["name"].AsString));
    }

    [Fact]
    public async Task A_transaction_reads_its_snapshot_whatever_others_commit()
    {
        await Collection.InsertManyAsync([Doc("{ _id: 1, v: 1 }"), Doc("{ _id: 2, v: 1 }"), Doc("{ _id: 3, v: 1 }")]);
        using var session = await Client.StartSessionAsync();
        session.StartTransaction(new TransactionOptions(ReadConcern.Snapshot));
        Assert.Equal(1, (await Collection.Find(session, Doc("{ _id: 1 }")).SingleAsync())["v"]);
        await Collection.UpdateOneAsync(Doc("{ _id: 1 }"), Doc("{ $set: { v: 9 } }"));
        await Collection.DeleteOneAsync(Doc("{ _id: 2 }"));
        await Collection.InsertOneAsync(Doc("{ _id: 4, v: 1 }"));
        var seen = await Collection.Find(session, Doc("{}")).Sort(Doc("{ _id: 1 }")).ToListAsync();
        Assert.Equal([Doc("{ _id: 1, v: 1 }"), Doc("{ _id: 2, v: 1 }"), Doc("{ _id: 3, v: 1 }")], seen);
        await session.CommitTransactionAsync();
    }

    [Fact]
    public async Task The_first_writer_wins_and_the_second_gets_a_transient_write_conflict()
    {
        await Collection.InsertOneAsync(Doc("{ _id: 1, v: 0 }"));
        using var first = await Client.StartSessionAsync();
        using var second = await Client.StartSessionAsync();
        first.StartTransaction();
        second.StartTransaction();
        await Collection.UpdateOneAsync(first, Doc("{ _id: 1 }"), Doc("{ $set: { v: 1 } }"));
        var conflict = await Assert.ThrowsAnyAsync<MongoException>(() => Collection.UpdateOneAsync(second, Doc("{ _id: 1 }"), Doc("{ $set: { v: 2 } }")));
        Assert.True(conflict.HasErrorLabel("TransientTransactionError"));
        Assert.Equal(112, ((MongoCommandException)conflict).Code);
        await first.CommitTransactionAsync();
        Assert.Equal(1, (await FindAsync()).Single()["v"]);
        await second.AbortTransactionAsync();
    }

    [Fact]
    public async Task A_write_on_what_was_committed_after_the_snapshot_is_a_conflict()
    {
        await Collection.InsertManyAsync([Doc("{ _id: 1, v: 0 }"), Doc("{ _id: 2, v: 0 }")]);
        using var session = await Client.StartSessionAsync();
        session.StartTransaction();
        await Collection.Find(session, Doc("{ _id: 2 }")).SingleAsync();
        await Collection.UpdateOneAsync(Doc("{ _id: 1 }"), Doc("{ $set: { v: 1 } }"));
        var conflict = await Assert.ThrowsAsync<MongoCommandException>(() => Collection.DeleteOneAsync(session, Doc("{ _id: 1 }")));
        Assert.Equal(112, conflict.Code);
    }

    [Fact]
    public async Task An_update_that_changes_nothing_writes_nothing_and_meets_nobody()
    {
        await Collection.InsertOneAsync(Doc("{ _id: 1, v: 0, w: 0 }"));
        using var still = await Client.StartSessionAsync();
        using var writer = await Client.StartSessionAsync();
        still.StartTransaction(new TransactionOptions(ReadConcern.Snapshot));
        writer.StartTransaction(new TransactionOptions(ReadConcern.Snapshot));

        // Before the other one writes: it is not in its way.
        await Collection.UpdateOneAsync(still, Doc("{ _id: 1 }"), Doc("{ $set: { v: 0 } }"));
        await Collection.UpdateOneAsync(writer, Doc("{ _id: 1 }"), Doc("{ $set: { v: 1 } }"));
        // While it is open, and outside of a transaction too.
        await Collection.FindOneAndUpdateAsync(still, Doc("{ _id: 1 }"), Doc("{ $set: { w: 0 } }"));
        Assert.Equal(0, (await Collection.UpdateOneAsync(Doc("{ _id: 1 }"), Doc("{ $set: { v: 0 } }"))).ModifiedCount);
        await writer.CommitTransactionAsync();
        // After it has committed.
        var unchanged = await Collection.UpdateOneAsync(still, Doc("{ _id: 1 }"), Doc("{ $set: { v: 0 } }"));
        Assert.Equal((1, 0), (unchanged.MatchedCount, unchanged.ModifiedCount));
        await still.CommitTransactionAsync();

        Assert.Equal([Doc("{ _id: 1, v: 1, w: 0 }")], await FindAsync());
    }

    [Fact]
    public async Task Two_open_transactions_with_one_new_id_conflict_and_the_retry_is_a_duplicate_that_aborts()
    {
        await Database.CreateCollectionAsync("things");
        using var first = await Client.StartSessionAsync();
        using var second = await Client.StartSessionAsync();
        first.StartTransaction();
        second.StartTransaction();
        await Collection.InsertOneAsync(first, Doc("{ _id: 1 }"));
        var conflict = await Assert.ThrowsAsync<MongoCommandException>(() => Collection.InsertOneAsync(second, Doc("{ _id: 1 }")));
        Assert.Equal((112, true), (conflict.Code, conflict.HasErrorLabel("TransientTransactionError")));
        await first.CommitTransactionAsync();
        await second.AbortTransactionAsync();
        second.StartTransaction();
        var duplicate = await Assert.ThrowsAsync<MongoWriteException>(() => Collection.InsertOneAsync(second, Doc("{ _id: 1 }")));
        Assert.Equal(11000, duplicate.WriteError.Code);
        Assert.False(duplicate.HasErrorLabel("TransientTransactionError"));
        var gone = await Assert.ThrowsAsync<MongoCommandException>(() => Collection.Find(second, Doc("{}")).ToListAsync());
        Assert.Equal((251, true), (gone.Code, gone.HasErrorLabel("TransientTransactionError")));
    }

    [Fact]
    public async Task A_write_outside_waits_for_the_transaction_that_came_first()
    {
        await Collection.InsertOneAsync(Doc("{ _id: 1, v: 0 }"));
        using var session = await Client.StartSessionAsync();
        session.StartTransaction();
        await Collection.UpdateOneAsync(session, Doc("{ _id: 1 }"), Doc("{ $inc: { v: 1 } }"));
        await Collection.InsertOneAsync(session, Doc("{ _id: 2, v: 0 }"));
        var update = Collection.UpdateOneAsync(Doc("{ _id: 1 }"), Doc("{ $inc: { v: 10 } }"));
        var insert = Collection.InsertOneAsync(Doc("{ _id: 2 }"));
        await Database.RunCommandAsync<BsonDocument>(Doc("{ ping: 1 }"));
        Assert.False(update.IsCompleted || insert.IsCompleted);
        await session.CommitTransactionAsync();
        await update;
        Assert.Equal(11000, (await Assert.ThrowsAsync<MongoWriteException>(() => insert)).WriteError.Code);
        Assert.Equal(11, (await FindAsync("{ _id: 1 }")).Single()["v"]);
    }

    [Fact]
    public async Task A_blocked_write_gives_up_when_its_time_is_over()
    {
        await Collection.InsertOneAsync(Doc("{ _id: 1, v: 0 }"));
        using var session = await Client.StartSessionAsync();
        session.StartTransaction();
        await Collection.UpdateOneAsync(session, Doc("{ _id: 1 }"), Doc("{ $inc: { v: 1 } }"));
        var options = new FindOneAndUpdateOptions<BsonDocument> { MaxTime = TimeSpan.FromMilliseconds(50) };
        await Assert.ThrowsAsync<MongoExecutionTimeoutException>(() => Collection.FindOneAndUpdateAsync(Doc("{ _id: 1 }"), Doc("{ $inc: { v: 1 } }"), options));
        await session.AbortTransactionAsync();
    }

    [Fact]
    public async Task Commit_may_be_repeated_and_abort_after_it_is_refused()
    {
        await Database.CreateCollectionAsync("things");
        var lsid = new BsonDocument("id", new BsonBinaryData(Guid.NewGuid(), GuidRepresentation.Standard));
        await Run("{ insert: 'things', documents: [{ _id: 1 }], startTransaction: true }");
        await Run("{ commitTransaction: 1 }");
        await Run("{ commitTransaction: 1 }");
        var abort = await Assert.ThrowsAsync<MongoCommandException>(() => Run("{ abortTransaction: 1 }"));
        Assert.Equal(256, abort.Code);
        var old = await Assert.ThrowsAsync<MongoCommandException>(() => Run("{ find: 'things' }", 0));
        Assert.Equal(225, old.Code);
        var unknown = await Assert.ThrowsAsync<MongoCommandException>(() => Run("{ find: 'things' }", 7));
        Assert.Equal(251, unknown.Code);

        Task<BsonDocument> Run(string command, long number = 1)
        {
            var document = Doc(command);
            var database = document.GetElement(0).Name is "commitTransaction" or "abortTransaction" ? Client.GetDatabase("admin") : Database;
            return database.RunCommandAsync<BsonDocument>(document.Add("lsid", lsid).Add("txnNumber", number).Add("autocommit", false));
        }
    }

    [Fact]
    public async Task What_does_not_belong_into_a_transaction_is_refused()
    {
        await Collection.InsertOneAsync(Doc("{ _id: 1 }"));
        using var session = await Client.StartSessionAsync();
        session.StartTransaction();
        var error = await Assert.ThrowsAsync<MongoCommandException>(() => Database.RunCommandAsync<BsonDocument>(session, Doc("{ count: 'things' }")));
        Assert.Equal(263, error.Code);
    }

    [Fact]
    public async Task With_transaction_retries_until_parallel_increments_are_all_there()
    {
        await Collection.InsertOneAsync(Doc("{ _id: 1, v: 0 }"));
        await Task.WhenAll(Enumerable.Range(0, 8).Select(async _ =>
        {
            using var session = await Client.StartSessionAsync();
            for (var i = 0; i < 5; i++)
            {
                await session.WithTransactionAsync(async (s, ct) =>
                {
                    var current = await Collection.Find(s, Doc("{ _id: 1 }")).SingleAsync(ct);
                    await Collection.UpdateOneAsync(s, Doc("{ _id: 1 }"), new BsonDocument("$set", new BsonDocument("v", current["v"].ToInt32() + 1)), cancellationToken: ct);
                    return true;
                });
            }
        }));
        Assert.Equal(40, (await FindAsync()).Single()["v"]);
    }

    [Fact]
    public async Task A_transaction_changes_one_document_twice_and_sees_only_the_last()
    {
        await Collection.Indexes.CreateOneAsync(new CreateIndexModel<BsonDocument>(Doc("{ k: 1 }"), new CreateIndexOptions { Unique = true }));
        await Collection.InsertOneAsync(Doc("{ _id: 1, k: 'a' }"));
        using var session = await Client.StartSessionAsync();
        session.StartTransaction();
        await Collection.UpdateOneAsync(session, Doc("{ _id: 1 }"), Doc("{ $set: { k: 'b' } }"));
        await Collection.UpdateOneAsync(session, Doc("{ _id: 1 }"), Doc("{ $set: { k: 'c' } }"));
        Assert.Empty(await Collection.Find(session, Doc("{ k: { $in: ['a', 'b'] } }")).ToListAsync());
        await Collection.InsertOneAsync(session, Doc("{ _id: 2, k: 'b' }"));
        Assert.Equal("a", (await FindAsync("{ k: 'a' }")).Single()["k"]);
        await session.CommitTransactionAsync();
        Assert.Empty(await FindAsync("{ k: 'a' }"));
        await Collection.InsertOneAsync(Doc("{ _id: 3, k: 'a' }"));
        Assert.Equal(["a", "b", "c"], (await Collection.Find(Doc("{}")).Sort(Doc("{ k: 1 }")).ToListAsync()).Select(d => d["k"].AsString));
    }
}
