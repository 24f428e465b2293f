using MongoDB.Bson;
using MongoDB.Driver;

namespace Outbox.Embedded.Tests.MongoDb.Conformance;

/// renameCollection.
public sealed class RenameTests(MongoFixture mongo) : ConformanceTest(mongo)
{
    private readonly IMongoDatabase _admin = mongo.Client.GetDatabase("admin");

    [Fact]
    public async Task It_keeps_the_documents_the_indexes_and_the_identity()
    {
        await FillAsync("things");
        var before = await DescribedAsync("things");
        await RenameAsync("things", "others");
        var others = Database.GetCollection<BsonDocument>("others");
        Assert.Equal(["others"], await (await Database.ListCollectionNamesAsync()).ToListAsync());
        Assert.Equal((before["info"]["uuid"], "others"), ((await DescribedAsync("others"))["info"]["uuid"], (await DescribedAsync("others"))["name"].AsString));
        Assert.Equal(["_id_", "k_1"], (await (await others.Indexes.ListAsync()).ToListAsync()).Select(i => i["name"].AsString));
        Assert.Equal(10, await others.CountDocumentsAsync(Doc("{}")));
        Assert.Equal(10, await others.EstimatedDocumentCountAsync());
        var error = await Assert.ThrowsAsync<MongoWriteException>(() => others.InsertOneAsync(Doc("{ _id: 'new', k: 3 }")));
        Assert.Equal(11000, error.WriteError.Code);
        Assert.Contains("others", error.WriteError.Message, StringComparison.Ordinal);
        Assert.Empty(await FindAsync());
        await Collection.InsertOneAsync(Doc("{ _id: 'again' }"));
        Assert.Equal(10, await others.CountDocumentsAsync(Doc("{}")));
    }

    [Fact]
    public async Task It_takes_anothers_place_only_when_that_may_be_dropped()
    {
        await FillAsync("things");
        await Database.GetCollection<BsonDocument>("others").InsertOneAsync(Doc("{ _id: 'old' }"));
        Assert.Equal(48, (await Assert.ThrowsAsync<MongoCommandException>(() => RenameAsync("things", "others"))).Code);
        await RenameAsync("things", "others", dropTarget: true);
        Assert.Equal(10, await Database.GetCollection<BsonDocument>("others").CountDocumentsAsync(Doc("{}")));
        Assert.Equal(0, await Database.GetCollection<BsonDocument>("others").CountDocumentsAsync(Doc("{ _id: 'old' }")));
    }

    [Fact]
    public async Task What_cannot_be_renamed_is_refused()
    {
        await FillAsync("things");
        Assert.Equal(26, (await Assert.ThrowsAsync<MongoCommandException>(() => RenameAsync("missing", "others"))).Code);
        Assert.Equal(20, (await Assert.ThrowsAsync<MongoCommandException>(() => RenameAsync("things", "things"))).Code);
        Assert.Equal(13, (await Assert.ThrowsAsync<MongoCommandException>(() => Database.RunCommandAsync<BsonDocument>(Command("things", "others", false)))).Code);
        await Assert.ThrowsAsync<MongoCommandException>(() => RenameAsync("things", "a$b"));
        Assert.Equal(10, await Collection.CountDocumentsAsync(Doc("{}")));
    }

    [Fact]
    public async Task It_is_no_part_of_a_transaction()
    {
        await FillAsync("things");
        using var session = await Client.StartSessionAsync();
        session.StartTransaction();
        var error = await Assert.ThrowsAsync<MongoCommandException>(() => _admin.RunCommandAsync<BsonDocument>(session, Command("things", "others", false)));
        Assert.Equal(263, error.Code);
        await session.AbortTransactionAsync();
    }

    [Fact]
    public async Task It_waits_for_a_transaction_that_wrote()
    {
        await FillAsync("things");
        using var session = await Client.StartSessionAsync();
        session.StartTransaction();
        await Collection.InsertOneAsync(session, Doc("{ _id: 'in' }"));
        var renaming = RenameAsync("things", "others");
        await Task.Delay(200);
        Assert.False(renaming.IsCompleted);
        await session.CommitTransactionAsync();
        await renaming;
        Assert.Equal(11, await Database.GetCollection<BsonDocument>("others").CountDocumentsAsync(Doc("{}")));
    }

    [Fact]
    public async Task A_cursor_ends_with_the_old_name()
    {
        await FillAsync("things");
        using var session = await Client.StartSessionAsync();
        var cursor = (await Database.RunCommandAsync<BsonDocument>(session, Doc("{ find: 'things', batchSize: 2 }")))["cursor"]["id"];
        await RenameAsync("things", "others");
        var error = await Assert.ThrowsAsync<MongoCommandException>(
            () => Database.RunCommandAsync<BsonDocument>(session, new BsonDocument { { "getMore", cursor }, { "collection", "things" } }));
        Assert.Contains(error.Code, (int[])[43, 175]);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task An_update_of_many_is_done_or_told_that_its_collection_is_gone(bool dropped)
    {
        for (var round = 0; round < 10; round++)
        {
            await FillAsync($"round{round}");
            var things = Database.GetCollection<BsonDocument>($"round{round}");
            using var session = await Client.StartSessionAsync();
            session.StartTransaction();
            await things.UpdateOneAsync(session, Doc("{ _id: 5 }"), Doc("{ $set: { held: true } }"));
            var updating = things.UpdateManyAsync(Doc("{}"), Doc("{ $inc: { n: 1 } }"));
            var going = dropped ? Database.DropCollectionAsync($"round{round}") : RenameAsync($"round{round}", $"renamed{round}");
            await session.CommitTransactionAsync();
            await going;
            Assert.Contains(await OutcomeAsync(updating).WaitAsync(TimeSpan.FromMinutes(1)), (int[])[0, 175]);
        }
    }

    private static async Task<int> OutcomeAsync(Task updating)
    {
        try
        {
            await updating;
            return 0;
        }
        catch (MongoWriteException error)
        {
            return error.WriteError.Code;
        }
    }

    [Theory]
    [InlineData("things")]
    [InlineData("others")]
    public async Task A_stream_on_either_name_tells_it_and_ends(string watched)
    {
        await FillAsync("things");
        using var one = await Database.GetCollection<BsonDocument>(watched).WatchAsync(Raw<BsonDocument>());
        using var all = await Database.WatchAsync(Raw<BsonDocument>());
        await RenameAsync("things", "others");
        await Database.GetCollection<BsonDocument>("others").InsertOneAsync(Doc("{ _id: 'after' }"));
        var (told, ended) = (await TakeAsync(one, 2), await TakeAsync(all, 2));
        var name = Database.DatabaseNamespace.DatabaseName;
        Assert.Equal(["rename", "invalidate"], told.Select(e => e["operationType"].AsString));
        Assert.Equal(["rename", "insert"], ended.Select(e => e["operationType"].AsString));
        Assert.Equal(new BsonDocument { { "db", name }, { "coll", "things" } }, told[0]["ns"]);
        Assert.Equal(new BsonDocument { { "db", name }, { "coll", "others" } }, told[0]["to"]);
    }

    private static PipelineDefinition<ChangeStreamDocument<T>, BsonDocument> Raw<T>() => new EmptyPipelineDefinition<ChangeStreamDocument<T>>()
        .AppendStage<ChangeStreamDocument<T>, ChangeStreamDocument<T>, BsonDocument>(Doc("{ $match: {} }"));

    private static async Task<List<BsonDocument>> TakeAsync(IAsyncCursor<BsonDocument> stream, int count)
    {
        using var deadline = new CancellationTokenSource(TimeSpan.FromSeconds(20));
        var events = new List<BsonDocument>();
        while (events.Count < count && await stream.MoveNextAsync(deadline.Token))
        {
            events.AddRange(stream.Current);
        }

        return events;
    }

    private async Task FillAsync(string name)
    {
        var collection = Database.GetCollection<BsonDocument>(name);
        await collection.InsertManyAsync(Enumerable.Range(0, 10).Select(i => new BsonDocument { { "_id", i }, { "k", i } }));
        await collection.Indexes.CreateOneAsync(new CreateIndexModel<BsonDocument>(Doc("{ k: 1 }"), new CreateIndexOptions { Unique = true }));
    }

    private async Task<BsonDocument> DescribedAsync(string name) =>
        await (await Database.ListCollectionsAsync(new ListCollectionsOptions { Filter = new BsonDocument("name", name) })).SingleAsync();

    private Task<BsonDocument> RenameAsync(string from, string to, bool dropTarget = false) => _admin.RunCommandAsync<BsonDocument>(Command(from, to, dropTarget));

    private BsonDocument Command(string from, string to, bool dropTarget)
    {
        var database = Database.DatabaseNamespace.DatabaseName;
        return new BsonDocument { { "renameCollection", $"{database}.{from}" }, { "to", $"{database}.{to}" }, { "dropTarget", dropTarget } };
    }
}
