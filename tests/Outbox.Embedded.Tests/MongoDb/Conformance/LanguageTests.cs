using MongoDB.Bson;
using MongoDB.Driver;

namespace Outbox.Embedded.Tests.MongoDb.Conformance;

/// Corners of the query language, as a server has them.
public sealed class LanguageTests(MongoFixture mongo) : ConformanceTest(mongo)
{
    [Theory]
    [InlineData("{ a: { list: { $slice: 1 } } }", "{ _id: 1, a: { list: [1], x: 5 }, b: 2 }")]
    [InlineData("{ 'a.list': { $slice: -1 } }", "{ _id: 1, a: { list: [3], x: 5 }, b: 2 }")]
    [InlineData("{ b: 1, a: { list: { $slice: [1, 1] } } }", "{ _id: 1, a: { list: [2] }, b: 2 }")]
    public async Task A_slice_within_a_document_cuts_the_array(string projection, string expected)
    {
        await Collection.InsertOneAsync(Doc("{ _id: 1, a: { list: [1, 2, 3], x: 5 }, b: 2 }"));
        Assert.Equal(Doc(expected), await Collection.Find(Doc("{}")).Project(Doc(projection)).SingleAsync());
    }

    [Fact]
    public async Task A_lookup_draws_another_sample_for_each_document()
    {
        await Collection.InsertManyAsync(Enumerable.Range(0, 60).Select(i => new BsonDocument("_id", i)));
        var stages = PipelineDefinition<BsonDocument, BsonDocument>.Create(
            Doc("{ $lookup: { from: 'things', as: 'drawn', pipeline: [{ $sample: { size: 1 } }] } }"));
        var drawn = (await (await Collection.AggregateAsync(stages)).ToListAsync()).Select(document => document["drawn"][0]["_id"]).Distinct();
        Assert.True(drawn.Count() > 5);
    }

    [Theory]
    [InlineData("{ 'a.0': 1 }", "[2, 1]")]
    [InlineData("{ 'a.0': -1 }", "[1, 2]")]
    [InlineData("{ 'a.0.1': 1 }", "[1, 2]")]
    public async Task An_array_that_a_place_names_sorts_as_a_whole(string sort, string order)
    {
        await Collection.InsertManyAsync([Doc("{ _id: 1, a: [[4, 1], 0] }"), Doc("{ _id: 2, a: [[3, 9], 0] }")]);
        Assert.Equal(Doc($"{{ o: {order} }}")["o"].AsBsonArray, (await Collection.Find(Doc("{}")).Sort(Doc(sort)).ToListAsync()).Select(d => d["_id"]));
    }

    [Theory]
    [InlineData("[{ $nonsense: 1 }]", 40324)]
    [InlineData("[{ $match: { a: 1 } }, { $nonsense: 1 }]", 40324)]
    [InlineData("[{ $set: { a: 1 } }, { $nonsense: 1 }]", 40324)]
    [InlineData("[{ $match: { a: 1 } }]", 72)]
    [InlineData("[{ $set: { a: 1 } }, { $limit: 1 }]", 72)]
    public async Task An_update_pipeline_with_a_stage_that_does_not_belong_there(string stages, int code)
    {
        await Collection.InsertOneAsync(Doc("{ _id: 1 }"));
        var update = new BsonDocument { { "q", new BsonDocument() }, { "u", Doc($"{{ s: {stages} }}")["s"] } };
        var reply = await Database.RunCommandAsync<BsonDocument>(new BsonDocument { { "update", "things" }, { "updates", new BsonArray { update } } });
        Assert.Equal(code, reply["writeErrors"][0]["code"].ToInt32());
    }

    [Fact]
    public async Task An_expression_on_a_document_within_an_array_is_refused()
    {
        var error = await Assert.ThrowsAsync<MongoCommandException>(() => FindAsync("{ a: { $elemMatch: { $expr: { $eq: ['$x', 1] } } } }"));
        Assert.Equal(2, error.Code);
    }
}
