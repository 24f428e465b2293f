using MongoDB.Bson;
using MongoDB.Driver;

namespace Outbox.Embedded.Tests.MongoDb.Conformance;

/// A pipeline whose documents meet those of a collection.
public sealed class MergeTests(MongoFixture mongo) : ConformanceTest(mongo)
{
    private IMongoCollection<BsonDocument> Target => Database.GetCollection<BsonDocument>("target");

    [Theory]
    [InlineData("'target'", "[{ _id: 1, a: 1, b: 'old' }, { _id: 2, a: 2 }, { _id: 9, b: 'old' }]")]
    [InlineData("{ into: 'target', whenMatched: 'merge' }", "[{ _id: 1, a: 1, b: 'old' }, { _id: 2, a: 2 }, { _id: 9, b: 'old' }]")]
    [InlineData("{ into: 'target', whenMatched: 'replace' }", "[{ _id: 1, a: 1 }, { _id: 2, a: 2 }, { _id: 9, b: 'old' }]")]
    [InlineData("{ into: 'target', whenMatched: 'keepExisting' }", "[{ _id: 1, a: 'old', b: 'old' }, { _id: 2, a: 2 }, { _id: 9, b: 'old' }]")]
    [InlineData("{ into: 'target', whenMatched: 'replace', whenNotMatched: 'discard' }", "[{ _id: 1, a: 1 }, { _id: 9, b: 'old' }]")]
    [InlineData("{ into: 'target', whenMatched: [{ $set: { a: { $concat: ['$a', '+'] }, n: '$$new.a' } }] }", "[{ _id: 1, a: 'old+', b: 'old', n: 1 }, { _id: 2, a: 2 }, { _id: 9, b: 'old' }]")]
    [InlineData("{ into: 'target', let: { it: { $add: ['$a', 10] } }, whenMatched: [{ $set: { a: '$$it' } }, { $unset: 'b' }], whenNotMatched: 'discard' }", "[{ _id: 1, a: 11 }, { _id: 9, b: 'old' }]")]
    [InlineData("{ into: 'target', on: ['_id'], whenMatched: [{ $project: { _id: 0 } }] }", "[{ _id: 1, a: 'old', b: 'old' }, { _id: 2, a: 2 }, { _id: 9, b: 'old' }]")]
    public async Task Documents_of_one_id_meet(string merge, string expected)
    {
        await FillAsync();
        var reply = await MergeAsync(merge);
        Assert.Equal((0, 0L), (reply["cursor"]["firstBatch"].AsBsonArray.Count, reply["cursor"]["id"].ToInt64()));
        await AssertAsync(expected);
    }

    [Theory]
    [InlineData("{ into: 'target', whenMatched: 'fail' }", 11000, "[{ _id: 1, a: 'old', b: 'old' }, { _id: 2, a: 2 }, { _id: 9, b: 'old' }]")]
    [InlineData("{ into: 'target', whenMatched: 'replace', whenNotMatched: 'fail' }", 13113, "[{ _id: 1, a: 1 }, { _id: 9, b: 'old' }]")]
    [InlineData("{ into: 'target', whenMatched: [{ $set: { a: '$$new.a' } }], whenNotMatched: 'fail' }", 13113, "[{ _id: 1, a: 1, b: 'old' }, { _id: 9, b: 'old' }]")]
    public async Task A_meeting_that_must_not_be_is_an_error_and_the_others_stay_written(string merge, int code, string expected)
    {
        await FillAsync();
        Assert.Equal(code, (await Assert.ThrowsAsync<MongoCommandException>(() => MergeAsync(merge))).Code);
        await AssertAsync(expected);
    }

    [Fact]
    public async Task Documents_meet_on_other_fields_that_an_index_keeps_unique()
    {
        await Collection.InsertManyAsync([Doc("{ _id: 1, k: { x: 1, y: 1 }, v: 'new' }"), Doc("{ _id: 2, k: { x: 2, y: 1 }, v: 'new' }")]);
        await Target.InsertOneAsync(Doc("{ _id: 'old', k: { x: 1, y: 1 }, v: 'old' }"));
        const string Merge = "[{ $project: { _id: 0 } }, { $merge: { into: 'target', on: ['k.y', 'k.x'] } }]";
        Assert.Equal(51183, await RefusedAsync(Merge));
        await Target.Indexes.CreateOneAsync(new CreateIndexModel<BsonDocument>(Doc("{ 'k.x': 1, 'k.y': 1 }")));
        Assert.Equal(51183, await RefusedAsync(Merge));
        await Target.Indexes.DropAllAsync();
        await Target.Indexes.CreateOneAsync(new CreateIndexModel<BsonDocument>(Doc("{ 'k.x': 1, 'k.y': 1 }"), new CreateIndexOptions { Unique = true }));
        await AggregateAsync(Merge);
        var merged = await Target.Find(Doc("{}")).Sort(Doc("{ 'k.x': 1 }")).ToListAsync();
        Assert.Equal(Doc("{ _id: 'old', k: { x: 1, y: 1 }, v: 'new' }"), merged[0]);
        Assert.Equal((2, true, "new"), (merged.Count, merged[1]["_id"].IsObjectId, merged[1]["v"].AsString));
    }

    [Fact]
    public async Task The_id_of_the_one_that_is_met_stays()
    {
        await Target.Indexes.CreateOneAsync(new CreateIndexModel<BsonDocument>(Doc("{ k: 1 }"), new CreateIndexOptions { Unique = true }));
        await Target.InsertOneAsync(Doc("{ _id: 'old', k: 1 }"));
        await Collection.InsertOneAsync(Doc("{ _id: 'new', k: 1 }"));
        Assert.Equal(66, await RefusedAsync("[{ $merge: { into: 'target', on: 'k' } }]"));
        Assert.Equal(66, await RefusedAsync("[{ $merge: { into: 'target', on: 'k', whenMatched: 'replace' } }]"));
        await AssertAsync("[{ _id: 'old', k: 1 }]");
    }

    [Fact]
    public async Task The_target_may_be_the_source_and_a_variable_that_of_the_command()
    {
        await FillAsync();
        await Database.RunCommandAsync<BsonDocument>(Doc(
            "{ aggregate: 'things', pipeline: [{ $project: { a: { $multiply: ['$a', '$$by'] } } }, { $merge: 'things' }], cursor: {}, let: { by: 10 } }"));
        Assert.Equal([Doc("{ _id: 1, a: 10 }"), Doc("{ _id: 2, a: 20 }")], await Collection.Find(Doc("{}")).Sort(Doc("{ _id: 1 }")).ToListAsync());
    }

    [Theory]
    [InlineData("[{ $merge: 'target' }, { $limit: 1 }]", 40601)]
    [InlineData("[{ $facet: { a: [{ $merge: 'target' }] } }]", 40600)]
    [InlineData("[{ $lookup: { from: 'things', as: 'a', pipeline: [{ $merge: 'target' }] } }]", 51047)]
    [InlineData("[{ $merge: 5 }]", 51182)]
    [InlineData("[{ $merge: { into: 5 } }]", 51178)]
    [InlineData("[{ $merge: { on: '_id' } }]", 40414)]
    [InlineData("[{ $merge: { into: 'target', other: 1 } }]", 40415)]
    [InlineData("[{ $merge: { into: 'target', on: 5 } }]", 51186)]
    [InlineData("[{ $merge: { into: 'target', on: [] } }]", 51187)]
    [InlineData("[{ $merge: { into: 'target', on: [5] } }]", 51134)]
    [InlineData("[{ $merge: { into: 'target', whenMatched: 5 } }]", 51191)]
    [InlineData("[{ $merge: { into: 'target', whenMatched: 'other' } }]", 2)]
    [InlineData("[{ $merge: { into: 'target', whenNotMatched: 'other' } }]", 2)]
    [InlineData("[{ $merge: { into: 'target', whenMatched: 'fail', whenNotMatched: 'discard' } }]", 51181)]
    [InlineData("[{ $merge: { into: 'target', whenMatched: 'keepExisting', whenNotMatched: 'fail' } }]", 51181)]
    [InlineData("[{ $merge: { into: 'target', let: { v: 1 }, whenMatched: 'merge' } }]", 51199)]
    [InlineData("[{ $merge: { into: 'target', let: { new: 1 }, whenMatched: [] } }]", 51273)]
    [InlineData("[{ $merge: { into: 'missing', on: 'k' } }]", 51183)]
    public async Task What_makes_no_sense_is_refused(string stages, int code)
    {
        await FillAsync();
        Assert.Equal(code, await RefusedAsync(stages));
    }

    [Fact]
    public async Task A_meeting_cannot_leave_a_document_out()
    {
        await FillAsync();
        Assert.NotEqual(0, await RefusedAsync("[{ $merge: { into: 'target', whenMatched: [{ $match: {} }] } }]"));
    }

    [Theory]
    [InlineData("{ k: null }", 51132)]
    [InlineData("{ other: 1 }", 51132)]
    [InlineData("{ k: [1] }", 51185)]
    public async Task A_document_must_have_what_it_is_known_by(string document, int code)
    {
        await Target.Indexes.CreateOneAsync(new CreateIndexModel<BsonDocument>(Doc("{ k: 1 }"), new CreateIndexOptions { Unique = true }));
        await Collection.InsertOneAsync(Doc(document));
        Assert.Equal(code, await RefusedAsync("[{ $merge: { into: 'target', on: 'k' } }]"));
    }

    [Fact]
    public async Task Merges_of_one_key_at_once_make_one_document()
    {
        await FillAsync();
        await Task.WhenAll(Enumerable.Range(0, 20).Select(_ => MergeAsync("{ into: 'sums', whenMatched: [{ $set: { a: { $add: ['$a', '$$new.a'] } } }] }")));
        Assert.Equal([Doc("{ _id: 1, a: 20 }"), Doc("{ _id: 2, a: 40 }")], await Database.GetCollection<BsonDocument>("sums").Find(Doc("{}")).Sort(Doc("{ _id: 1 }")).ToListAsync());
    }

    private async Task FillAsync()
    {
        await Collection.InsertManyAsync([Doc("{ _id: 1, a: 1 }"), Doc("{ _id: 2, a: 2 }")]);
        await Target.InsertManyAsync([Doc("{ _id: 1, a: 'old', b: 'old' }"), Doc("{ _id: 9, b: 'old' }")]);
    }

    private async Task AssertAsync(string expected) =>
        Assert.Equal(Doc($"{{ r: {expected} }}")["r"].AsBsonArray, new BsonArray(await Target.Find(Doc("{}")).Sort(Doc("{ _id: 1 }")).ToListAsync()));

    private Task<BsonDocument> MergeAsync(string merge) => AggregateAsync($"[{{ $merge: {merge} }}]");

    private Task<BsonDocument> AggregateAsync(string stages) => Database.RunCommandAsync<BsonDocument>(Doc($"{{ aggregate: 'things', pipeline: {stages}, cursor: {{}} }}"));

    private async Task<int> RefusedAsync(string stages) => (await Assert.ThrowsAsync<MongoCommandException>(() => AggregateAsync(stages))).Code;
}
