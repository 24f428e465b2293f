using MongoDB.Bson;
using MongoDB.Driver;

namespace Outbox.Embedded.Tests.MongoDb.Conformance;

/// The `$` that stands for the array element which the query matched.
public sealed class PositionalTests(MongoFixture mongo) : ConformanceTest(mongo)
{
    private const string Order = "{ _id: 1, items: [{ sku: 'a', qty: 1 }, { sku: 'b', qty: 2 }, { sku: 'b', qty: 3 }], marks: [5, 7, 9], name: 'n' }";

    [Theory]
    [InlineData("{ 'items.sku': 'b' }", "{ $set: { 'items.$.qty': 9 } }", "items.1.qty", "9")]
    [InlineData("{ items: { $elemMatch: { sku: 'b', qty: 3 } } }", "{ $inc: { 'items.$.qty': 1 } }", "items.2.qty", "4")]
    [InlineData("{ marks: { $gt: 6 } }", "{ $set: { 'marks.$': 0 } }", "marks.1", "0")]
    [InlineData("{ marks: 9 }", "{ $unset: { 'marks.$': '' } }", "marks.2", "null")]
    [InlineData("{ 'items.qty': 2 }", "{ $set: { 'items.$': { sku: 'c' } } }", "items.1", "{ sku: 'c' }")]
    public async Task An_update_changes_that_element(string query, string update, string path, string expected)
    {
        await Collection.InsertOneAsync(Doc(Order));
        Assert.Equal(1, (await Collection.UpdateOneAsync(Doc(query), Doc(update))).ModifiedCount);
        BsonValue found = (await FindAsync()).Single();
        foreach (var part in path.Split('.'))
        {
            found = found is BsonArray array ? array[int.Parse(part, System.Globalization.CultureInfo.InvariantCulture)] : found[part];
        }

        Assert.Equal(Doc($"{{ v: {expected} }}")["v"], found);
    }

    [Fact]
    public async Task An_update_of_many_finds_the_place_in_each()
    {
        await Collection.InsertManyAsync([Doc("{ _id: 1, m: [1, 2] }"), Doc("{ _id: 2, m: [2, 1] }")]);
        await Collection.UpdateManyAsync(Doc("{ m: 2 }"), Doc("{ $set: { 'm.$': 0 } }"));
        Assert.Equal([Doc("{ _id: 1, m: [1, 0] }"), Doc("{ _id: 2, m: [0, 1] }")], await FindAsync());
    }

    [Theory]
    [InlineData("{ name: 'n' }", "{ $set: { 'items.$.qty': 9 } }", false)]
    [InlineData("{ name: 'n' }", "{ $set: { 'items.$.qty.$': 9 } }", false)]
    [InlineData("{ name: 'n' }", "{ $set: { '$.qty': 9 } }", false)]
    [InlineData("{ marks: 1000 }", "{ $set: { 'marks.$': 9 } }", true)]
    public async Task Without_such_an_element_there_is_nothing_to_change(string query, string update, bool upsert)
    {
        await Collection.InsertOneAsync(Doc(Order));
        var error = await Assert.ThrowsAsync<MongoWriteException>(() => Collection.UpdateOneAsync(Doc(query), Doc(update), new UpdateOptions { IsUpsert = upsert }));
        Assert.Equal(2, error.WriteError.Code);
        Assert.Equal(Doc(Order), (await FindAsync()).Single());
    }

    [Theory]
    [InlineData("{ 'items.sku': 'b' }", "{ 'items.$': 1 }", "{ _id: 1, items: [{ sku: 'b', qty: 2 }] }")]
    [InlineData("{ items: { $elemMatch: { sku: 'b', qty: { $gt: 2 } } } }", "{ _id: 0, 'items.$': 1 }", "{ items: [{ sku: 'b', qty: 3 }] }")]
    [InlineData("{ marks: { $gte: 7 } }", "{ 'marks.$': 1, name: 1 }", "{ _id: 1, marks: [7], name: 'n' }")]
    public async Task A_find_shows_that_element_alone(string query, string projection, string expected)
    {
        await Collection.InsertOneAsync(Doc(Order));
        Assert.Equal(Doc(expected), await Collection.Find(Doc(query)).Project(Doc(projection)).SingleAsync());
    }

    [Fact]
    public async Task A_find_and_modify_shows_that_element_as_it_was()
    {
        await Collection.InsertOneAsync(Doc(Order));
        var options = new FindOneAndUpdateOptions<BsonDocument> { Projection = Doc("{ 'marks.$': 1 }") };
        Assert.Equal(Doc("{ _id: 1, marks: [7] }"), await Collection.FindOneAndUpdateAsync(Doc("{ marks: 7 }"), Doc("{ $set: { 'marks.$': 8 } }"), options));
    }

    [Theory]
    [InlineData("{ marks: 7 }", "{ 'marks.$': 1, 'items.$': 1 }", 31276)]
    [InlineData("{ marks: 7 }", "{ 'items.$.sku': 1 }", 31394)]
    [InlineData("{ marks: 7 }", "{ 'marks.$': 0 }", 31395)]
    [InlineData("{ marks: 7 }", "{ 'marks.$': 1, name: 0 }", 31254)]
    public async Task A_projection_that_makes_no_sense_is_refused(string query, string projection, int code)
    {
        await Collection.InsertOneAsync(Doc(Order));
        var error = await Assert.ThrowsAsync<MongoCommandException>(() => Collection.Find(Doc(query)).Project(Doc(projection)).ToListAsync());
        Assert.Equal(code, error.Code);
    }

    [Fact]
    public async Task A_projection_of_an_element_that_the_query_did_not_match_is_refused()
    {
        await Collection.InsertOneAsync(Doc(Order));
        await Assert.ThrowsAsync<MongoCommandException>(() => Collection.Find(Doc("{ name: 'n' }")).Project(Doc("{ 'marks.$': 1 }")).ToListAsync());
    }
}
