using MongoDB.Bson;
using MongoDB.Driver;

namespace Outbox.Embedded.Tests.MongoDb.Conformance;

/// `$dateFromString`.
public sealed class DateFromStringTests(MongoFixture mongo) : ConformanceTest(mongo)
{
    [Theory]
    [InlineData("{ dateString: '2017-02-08T12:10:40.787' }", "2017-02-08T12:10:40.787Z")]
    [InlineData("{ dateString: '2017-02-08T12:10:40.787Z' }", "2017-02-08T12:10:40.787Z")]
    [InlineData("{ dateString: '$text' }", "2017-02-08T00:00:00Z")]
    [InlineData("{ dateString: '2017-02-08T12:10:40.787', timezone: 'America/New_York' }", "2017-02-08T17:10:40.787Z")]
    [InlineData("{ dateString: '2017-02-08', timezone: '-05:00' }", "2017-02-08T05:00:00Z")]
    [InlineData("{ dateString: '2017-02-08T12:10+01:30' }", "2017-02-08T10:40:00Z")]
    [InlineData("{ dateString: '06-15-2018', format: '%m-%d-%Y' }", "2018-06-15T00:00:00Z")]
    [InlineData("{ dateString: '15-06-2018 07:08:09', format: '%d-%m-%Y %H:%M:%S' }", "2018-06-15T07:08:09Z")]
    [InlineData("{ dateString: '2018-06-15 +0200', format: '%Y-%m-%d %z' }", "2018-06-14T22:00:00Z")]
    public async Task A_text_is_a_date(string argument, string expected) => Assert.Equal(Doc($"{{ r: {{ $date: '{expected}' }} }}")["r"], await YieldAsync(argument));

    [Theory]
    [InlineData("{ dateString: '$missing' }", "null")]
    [InlineData("{ dateString: '$missing', onNull: 'none' }", "'none'")]
    [InlineData("{ dateString: 'never', onError: '$text' }", "'2017-02-08'")]
    [InlineData("{ dateString: 5, onError: 'odd' }", "'odd'")]
    [InlineData("{ dateString: '15/06/2018', format: '%d-%m-%Y', onError: 'odd' }", "'odd'")]
    public async Task Or_something_else(string argument, string expected) => Assert.Equal(Doc($"{{ r: {expected} }}")["r"], await YieldAsync(argument));

    [Theory]
    [InlineData("{ dateString: 'never' }", 241)]
    [InlineData("{ dateString: 5 }", 241)]
    [InlineData("{ dateString: '2017-02-08 and more', format: '%Y-%m-%d' }", 241)]
    [InlineData("'2017-02-08'", 40540)]
    [InlineData("{ dateString: '2017-02-08', zone: 'UTC' }", 40541)]
    [InlineData("{ format: '%Y' }", 40542)]
    public async Task Or_an_error(string argument, int code) => Assert.Equal(code, (await Assert.ThrowsAsync<MongoCommandException>(() => YieldAsync(argument))).Code);

    private async Task<BsonValue> YieldAsync(string argument)
    {
        await Collection.InsertOneAsync(Doc("{ _id: 1, text: '2017-02-08' }"));
        var stages = PipelineDefinition<BsonDocument, BsonDocument>.Create(Doc($"{{ $project: {{ r: {{ $dateFromString: {argument} }} }} }}"));
        return (await (await Collection.AggregateAsync(stages)).SingleAsync())["r"];
    }
}
