using MongoDB.Bson;
using MongoDB.Driver;

namespace Outbox.Embedded.Tests.MongoDb.Conformance;

/// Values keep their types, and answers have those that clients know.
public sealed class ReplyTypeTests(MongoFixture mongo) : ConformanceTest(mongo)
{
    [Theory]
    [InlineData("{ count: 'things' }", "n")]
    [InlineData("{ count: 'things', query: { _id: { $gt: 0 } } }", "n")]
    [InlineData("{ collStats: 'things' }", "count size nindexes")]
    [InlineData("{ dbStats: 1 }", "collections objects indexes")]
    public async Task Small_counts_are_int32(string command, string fields)
    {
        await Collection.InsertManyAsync([Doc("{ _id: 1 }"), Doc("{ _id: 2 }")]);
        var reply = await Database.RunCommandAsync<BsonDocument>(Doc(command));
        Assert.All(fields.Split(' '), field => Assert.Equal(BsonType.Int32, reply[field].BsonType));
    }

    [Theory]
    [InlineData("{ $mod: ['$int', 2.0] }", "1")]
    [InlineData("{ $mod: ['$int', 2.5] }", "2.0")]
    [InlineData("{ $mod: ['$long', 2.0] }", "{ $numberLong: '1' }")]
    [InlineData("{ $mod: ['$double', 2] }", "1.5")]
    [InlineData("{ $toBool: { $literal: {} } }", "true")]
    [InlineData("{ $toBool: { $literal: [] } }", "true")]
    [InlineData("{ $toBool: { $literal: { $timestamp: { t: 0, i: 0 } } } }", "true")]
    [InlineData("{ $dateToString: { date: '$when', timezone: '+0200' } }", "'2024-02-29T14:30:45.678Z'")]
    [InlineData("{ $dateToString: { date: '$when', timezone: 'America/New_York', format: '%z %Z' } }", "'-0500 -300'")]
    [InlineData("{ $dateToString: { date: '$when', timezone: '+0445', format: '%Z' } }", "'285'")]
    public async Task Expressions_calculate_in_their_operands_types(string expression, string expected)
    {
        await Collection.InsertOneAsync(Doc("{ _id: 1, int: 7, long: { $numberLong: '7' }, double: 7.5, when: { $date: '2024-02-29T12:30:45.678Z' } }"));
        var stages = PipelineDefinition<BsonDocument, BsonDocument>.Create(new BsonDocument("$project", new BsonDocument("r", Doc(expression))));
        var result = (await (await Collection.AggregateAsync(stages)).SingleAsync())["r"];
        var wanted = Doc($"{{ r: {expected} }}")["r"];
        Assert.Equal((wanted.BsonType, wanted), (result.BsonType, result));
    }

    [Fact]
    public async Task A_decimal_beyond_the_doubles_is_not_infinite()
    {
        await Collection.InsertManyAsync([Doc("{ _id: 1, n: { $numberDecimal: '1E+400' } }"), Doc("{ _id: 2, n: { $numberDouble: 'Infinity' } }")]);
        Assert.Equal(2, (await FindAsync("{ n: { $numberDouble: 'Infinity' } }")).Single()["_id"]);
        Assert.Equal(1, (await FindAsync("{ n: { $lt: { $numberDouble: 'Infinity' } } }")).Single()["_id"]);
    }

    [Fact]
    public async Task A_document_may_have_a_name_twice()
    {
        var twice = new BsonDocument(allowDuplicateNames: true) { { "a", 1 }, { "a", 2 }, { "_id", 1 } };
        await Collection.InsertOneAsync(twice);
        var raw = await Database.GetCollection<RawBsonDocument>("things").Find(Doc("{ a: 1 }")).SingleAsync();
        Assert.Equal(["_id", "a", "a"], raw.Elements.Select(element => element.Name));
    }

    [Fact]
    public async Task A_command_may_not()
    {
        var twice = new BsonDocument(allowDuplicateNames: true) { { "find", "things" }, { "filter", Doc("{ _id: 1 }") }, { "filter", Doc("{ _id: 2 }") } };
        await Assert.ThrowsAsync<MongoCommandException>(() => Database.RunCommandAsync<BsonDocument>(twice));
    }
}
