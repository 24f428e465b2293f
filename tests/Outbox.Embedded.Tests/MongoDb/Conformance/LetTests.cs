using MongoDB.Bson;
using MongoDB.Driver;

namespace Outbox.Embedded.Tests.MongoDb.Conformance;

/// The variables that a command brings with it.
public sealed class LetTests(MongoFixture mongo) : ConformanceTest(mongo)
{
    [Theory]
    [InlineData("{ find: 'things', filter: { $expr: { $gt: ['$n', '$$least'] } }, sort: { _id: 1 }, projection: { p: { $add: ['$n', '$$least'] } }, let: { least: 2 } }", "[{ _id: 3, p: 5 }, { _id: 4, p: 6 }]")]
    [InlineData("{ find: 'things', filter: { $expr: { $in: ['$n', '$$given.few'] } }, projection: { n: 1 }, let: { given: { few: [1, 9] } } }", "[{ _id: 1, n: 1 }]")]
    [InlineData("{ find: 'things', filter: { $expr: { $eq: ['$n', '$$sum'] } }, projection: { n: 1 }, let: { sum: { $add: [1, { $size: { $literal: [5] } }] } } }", "[{ _id: 2, n: 2 }]")]
    [InlineData("{ aggregate: 'things', pipeline: [{ $match: { $expr: { $lt: ['$n', '$$most'] } } }, { $project: { t: { $multiply: ['$n', '$$most'] } } }], cursor: {}, let: { most: 2 } }", "[{ _id: 1, t: 2 }]")]
    [InlineData("{ aggregate: 'things', pipeline: [{ $match: { _id: 1 } }, { $lookup: { from: 'things', let: { mine: '$n' }, pipeline: [{ $match: { $expr: { $eq: ['$n', { $add: ['$$mine', '$$step'] }] } } }], as: 'next' } }, { $project: { 'next._id': 1 } }], cursor: {}, let: { step: 2 } }", "[{ _id: 1, next: [{ _id: 3 }] }]")]
    public async Task Reads_name_them(string command, string expected)
    {
        await FillAsync();
        var reply = await Database.RunCommandAsync<BsonDocument>(Doc(command));
        Assert.Equal(Doc($"{{ r: {expected} }}")["r"], reply["cursor"]["firstBatch"]);
    }

    [Fact]
    public async Task Writes_name_them_in_queries_and_pipelines()
    {
        await FillAsync();
        await Database.RunCommandAsync<BsonDocument>(Doc(
            "{ update: 'things', updates: [{ q: { $expr: { $eq: ['$n', '$$which'] } }, u: [{ $set: { n: '$$value' } }] }], let: { which: 1, value: 10 } }"));
        await Database.RunCommandAsync<BsonDocument>(Doc("{ delete: 'things', deletes: [{ q: { $expr: { $eq: ['$n', '$$which'] } }, limit: 0 }], let: { which: 2 } }"));
        var taken = await Database.RunCommandAsync<BsonDocument>(Doc(
            "{ findAndModify: 'things', query: { $expr: { $eq: ['$n', '$$which'] } }, update: [{ $set: { n: '$$value' } }], new: true, let: { which: 3, value: 30 } }"));
        Assert.Equal(Doc("{ _id: 3, n: 30 }"), taken["value"]);
        Assert.Equal([Doc("{ _id: 1, n: 10 }"), Doc("{ _id: 3, n: 30 }"), Doc("{ _id: 4, n: 4 }")], await Collection.Find(Doc("{}")).Sort(Doc("{ _id: 1 }")).ToListAsync());
    }

    [Theory]
    [InlineData("{ find: 'things', filter: { $expr: { $eq: ['$n', '$$other'] } }, let: { which: 1 } }", 17276)]
    [InlineData("{ find: 'things', filter: {}, let: { which: '$n' } }", 4890500)]
    [InlineData("{ aggregate: 'things', pipeline: [], cursor: {}, let: 5 }", 14)]
    public async Task What_makes_no_sense_is_refused(string command, int code)
    {
        await FillAsync();
        Assert.Equal(code, (await Assert.ThrowsAsync<MongoCommandException>(() => Database.RunCommandAsync<BsonDocument>(Doc(command)))).Code);
    }

    [Theory]
    [InlineData("{ aggregate: 'things', pipeline: [], cursor: {}, let: { which: '$$ROOT' } }")]
    [InlineData("{ aggregate: 'things', pipeline: [], cursor: {}, let: { Which: 1 } }")]
    [InlineData("{ distinct: 'things', key: 'n', let: { which: 1 } }")]
    public async Task And_so_is_this_with_a_code_that_differs_between_versions(string command)
    {
        await FillAsync();
        await Assert.ThrowsAsync<MongoCommandException>(() => Database.RunCommandAsync<BsonDocument>(Doc(command)));
    }

    private Task FillAsync() => Collection.InsertManyAsync(Enumerable.Range(1, 4).Select(i => new BsonDocument { { "_id", i }, { "n", i } }));
}
