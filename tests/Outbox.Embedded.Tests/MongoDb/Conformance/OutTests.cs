using MongoDB.Bson;
using MongoDB.Driver;

namespace Outbox.Embedded.Tests.MongoDb.Conformance;

/// A pipeline that ends in a collection, in place of what is there.
public sealed class OutTests(MongoFixture mongo) : ConformanceTest(mongo)
{
    private IMongoCollection<BsonDocument> Target => Database.GetCollection<BsonDocument>("target");

    [Fact]
    public async Task The_documents_become_a_collection()
    {
        await FillAsync();
        var reply = await AggregateAsync("[{ $match: { n: { $lt: 3 } } }, { $project: { twice: { $multiply: ['$n', 2] } } }, { $out: 'target' }]");
        Assert.Equal((0, 0L), (reply["cursor"]["firstBatch"].AsBsonArray.Count, reply["cursor"]["id"].ToInt64()));
        Assert.Equal([Doc("{ _id: 0, twice: 0 }"), Doc("{ _id: 1, twice: 2 }"), Doc("{ _id: 2, twice: 4 }")], await TargetAsync());
        Assert.Equal(["target", "things"], (await (await Database.ListCollectionNamesAsync()).ToListAsync()).Order(StringComparer.Ordinal));
    }

    [Fact]
    public async Task What_was_there_goes_and_its_indexes_stay()
    {
        await FillAsync();
        await Target.InsertOneAsync(Doc("{ _id: 'old', k: 'old' }"));
        await Target.Indexes.CreateOneAsync(new CreateIndexModel<BsonDocument>(Doc("{ k: 1 }"), new CreateIndexOptions { Unique = true }));
        await AggregateAsync("[{ $limit: 2 }, { $project: { k: '$n' } }, { $out: 'target' }]");
        Assert.Equal([Doc("{ _id: 0, k: 0 }"), Doc("{ _id: 1, k: 1 }")], await TargetAsync());
        Assert.Equal(["_id_", "k_1"], (await (await Target.Indexes.ListAsync()).ToListAsync()).Select(i => i["name"].AsString));
        await Assert.ThrowsAsync<MongoWriteException>(() => Target.InsertOneAsync(Doc("{ _id: 'new', k: 1 }")));
    }

    [Fact]
    public async Task Nothing_is_changed_by_one_that_fails()
    {
        await FillAsync();
        await Target.InsertOneAsync(Doc("{ _id: 'old', k: 'old' }"));
        await Target.Indexes.CreateOneAsync(new CreateIndexModel<BsonDocument>(Doc("{ k: 1 }"), new CreateIndexOptions { Unique = true }));
        Assert.Equal(11000, await RefusedAsync("[{ $project: { k: 'same' } }, { $out: 'target' }]"));
        Assert.NotEqual(0, await RefusedAsync("[{ $project: { k: { $divide: [1, '$n'] } } }, { $out: 'target' }]"));
        Assert.Equal([Doc("{ _id: 'old', k: 'old' }")], await TargetAsync());
        Assert.Equal(["target", "things"], (await (await Database.ListCollectionNamesAsync()).ToListAsync()).Order(StringComparer.Ordinal));
    }

    [Fact]
    public async Task The_target_may_be_the_source_or_another_database()
    {
        await FillAsync();
        await AggregateAsync("[{ $match: { n: 1 } }, { $out: 'things' }]");
        Assert.Equal([Doc("{ _id: 1, n: 1 }")], await FindAsync());
        var other = Client.GetDatabase(Database.DatabaseNamespace.DatabaseName + "_2");
        try
        {
            await AggregateAsync($"[{{ $out: {{ db: '{other.DatabaseNamespace.DatabaseName}', coll: 'target' }} }}]");
            Assert.Equal([Doc("{ _id: 1, n: 1 }")], await other.GetCollection<BsonDocument>("target").Find(Doc("{}")).ToListAsync());
        }
        finally
        {
            await Client.DropDatabaseAsync(other.DatabaseNamespace.DatabaseName);
        }
    }

    [Fact]
    public async Task No_documents_make_an_empty_collection()
    {
        await AggregateAsync("[{ $out: 'target' }]");
        Assert.Equal(["target"], await (await Database.ListCollectionNamesAsync()).ToListAsync());
    }

    [Fact]
    public async Task Whoever_watches_the_target_is_told_and_ends()
    {
        await FillAsync();
        await Target.InsertOneAsync(Doc("{ _id: 'old' }"));
        var raw = new EmptyPipelineDefinition<ChangeStreamDocument<BsonDocument>>()
            .AppendStage<ChangeStreamDocument<BsonDocument>, ChangeStreamDocument<BsonDocument>, BsonDocument>(Doc("{ $match: {} }"));
        using var stream = await Target.WatchAsync(raw);
        await AggregateAsync("[{ $out: 'target' }]");
        using var deadline = new CancellationTokenSource(TimeSpan.FromSeconds(20));
        var events = new List<BsonDocument>();
        while (await stream.MoveNextAsync(deadline.Token))
        {
            events.AddRange(stream.Current);
        }

        Assert.Equal(["rename", "invalidate"], events.Select(e => e["operationType"].AsString));
        Assert.Equal("target", events[0]["to"]["coll"]);
    }

    [Theory]
    [InlineData("[{ $out: 'target' }, { $limit: 1 }]", 40601)]
    [InlineData("[{ $facet: { a: [{ $out: 'target' }] } }]", 40600)]
    [InlineData("[{ $lookup: { from: 'things', as: 'a', pipeline: [{ $out: 'target' }] } }]", 51047)]
    [InlineData("[{ $unionWith: { coll: 'things', pipeline: [{ $out: 'target' }] } }]", 31441)]
    [InlineData("[{ $out: 5 }]", 16990)]
    [InlineData("[{ $out: 'system.target' }]", 17385)]
    [InlineData("[{ $out: { db: 'admin', coll: 'target' } }]", 31321)]
    public async Task What_makes_no_sense_is_refused(string stages, int code)
    {
        await FillAsync();
        Assert.Equal(code, await RefusedAsync(stages));
    }

    [Theory]
    [InlineData("$out")]
    [InlineData("$merge")]
    public async Task It_is_no_part_of_a_transaction(string stage)
    {
        await FillAsync();
        using var session = await Client.StartSessionAsync();
        session.StartTransaction();
        var command = Doc($"{{ aggregate: 'things', pipeline: [{{ {stage}: 'target' }}], cursor: {{}} }}");
        Assert.Equal(263, (await Assert.ThrowsAsync<MongoCommandException>(() => Database.RunCommandAsync<BsonDocument>(session, command))).Code);
        await session.AbortTransactionAsync();
    }

    [Theory]
    [InlineData("[{ $out: 'target' }]")]
    [InlineData("[{ $merge: 'target' }]")]
    public async Task An_update_does_not_end_in_one(string stages)
    {
        await FillAsync();
        var update = new BsonDocument { { "q", new BsonDocument() }, { "u", Doc($"{{ s: {stages} }}")["s"] } };
        var reply = await Database.RunCommandAsync<BsonDocument>(new BsonDocument { { "update", "things" }, { "updates", new BsonArray { update } } });
        Assert.NotEqual(0, reply["writeErrors"][0]["code"].ToInt32());
    }

    [Fact]
    public async Task The_driver_writes_with_it()
    {
        await FillAsync();
        await Collection.Aggregate().Match(Doc("{ n: 2 }")).OutAsync("target");
        Assert.Equal([Doc("{ _id: 2, n: 2 }")], await TargetAsync());
    }

    private Task FillAsync() => Collection.InsertManyAsync(Enumerable.Range(0, 10).Select(i => new BsonDocument { { "_id", i }, { "n", i } }));

    private Task<List<BsonDocument>> TargetAsync() => Target.Find(Doc("{}")).Sort(Doc("{ _id: 1 }")).ToListAsync();

    private Task<BsonDocument> AggregateAsync(string stages) => Database.RunCommandAsync<BsonDocument>(Doc($"{{ aggregate: 'things', pipeline: {stages}, cursor: {{}} }}"));

    private async Task<int> RefusedAsync(string stages) => (await Assert.ThrowsAsync<MongoCommandException>(() => AggregateAsync(stages))).Code;
}
