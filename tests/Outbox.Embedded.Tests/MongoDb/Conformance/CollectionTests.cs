using MongoDB.Bson;
using MongoDB.Driver;

namespace Outbox.Embedded.Tests.MongoDb.Conformance;

public sealed class CollectionTests(MongoFixture mongo) : ConformanceTest(mongo)
{
    [Fact]
    public async Task Collections_are_made_listed_and_dropped()
    {
        await Database.CreateCollectionAsync("a");
        await Database.GetCollection<BsonDocument>("b").InsertOneAsync(Doc("{ _id: 1 }"));
        Assert.Equal(["a", "b"], (await (await Database.ListCollectionNamesAsync()).ToListAsync()).Order(StringComparer.Ordinal));
        var filtered = await (await Database.ListCollectionsAsync(new ListCollectionsOptions { Filter = Doc("{ name: 'b' }") })).SingleAsync();
        Assert.Equal(("b", "collection", "_id_"), (filtered["name"].AsString, filtered["type"].AsString, filtered["idIndex"]["name"].AsString));
        Assert.Equal(BsonBinarySubType.UuidStandard, filtered["info"]["uuid"].AsBsonBinaryData.SubType);
        await Database.DropCollectionAsync("b");
        await Database.DropCollectionAsync("b");
        Assert.Equal(["a"], await (await Database.ListCollectionNamesAsync()).ToListAsync());
    }

    [Fact]
    public async Task A_collection_is_made_only_once()
    {
        await Database.CreateCollectionAsync("a");
        Assert.Equal(48, (await Assert.ThrowsAsync<MongoCommandException>(() => Database.CreateCollectionAsync("a"))).Code);
    }

    [Fact]
    public async Task A_dropped_database_is_gone()
    {
        await Collection.InsertOneAsync(Doc("{ _id: 1 }"));
        var name = Database.DatabaseNamespace.DatabaseName;
        Assert.Contains(name, await (await Client.ListDatabaseNamesAsync()).ToListAsync());
        await Client.DropDatabaseAsync(name);
        Assert.DoesNotContain(name, await (await Client.ListDatabaseNamesAsync()).ToListAsync());
        Assert.Empty(await FindAsync());
    }

    [Fact]
    public async Task Counts_and_distinct_values_agree_with_the_documents()
    {
        await Collection.InsertManyAsync([Doc("{ a: 1, t: ['x', 'y'] }"), Doc("{ a: 1.0, t: 'y' }"), Doc("{ a: 2 }"), Doc("{ b: 1 }")]);
        Assert.Equal(4, await Collection.EstimatedDocumentCountAsync());
        Assert.Equal(2, await Collection.CountDocumentsAsync(Doc("{ a: 1 }")));
        Assert.Equal(1, await Collection.CountDocumentsAsync(Doc("{}"), new CountOptions { Skip = 2, Limit = 1 }));
        Assert.Equal([1, 2], (await (await Collection.DistinctAsync<BsonValue>("a", Doc("{}"))).ToListAsync()).Select(v => v.ToInt32()));
        Assert.Equal(["x", "y"], (await (await Collection.DistinctAsync<string>("t", Doc("{}"))).ToListAsync()).Order(StringComparer.Ordinal));
    }

    [Fact]
    public async Task A_pipeline_groups_sorts_and_joins()
    {
        await Collection.InsertManyAsync([Doc("{ _id: 1, k: 'a', n: 1 }"), Doc("{ _id: 2, k: 'b', n: 2 }"), Doc("{ _id: 3, k: 'a', n: 3 }")]);
        await Database.GetCollection<BsonDocument>("names").InsertOneAsync(Doc("{ _id: 'a', name: 'first' }"));
        var result = await Collection.Aggregate<BsonDocument>(new BsonDocument[]
        {
            Doc("{ $match: { n: { $gte: 1 } } }"),
            Doc("{ $group: { _id: '$k', total: { $sum: '$n' }, count: { $sum: 1 } } }"),
            Doc("{ $lookup: { from: 'names', localField: '_id', foreignField: '_id', as: 'names' } }"),
            Doc("{ $sort: { _id: 1 } }"),
            Doc("{ $project: { total: 1, count: 1, name: { $arrayElemAt: ['$names.name', 0] } } }"),
        }).ToListAsync();
        Assert.Equal([Doc("{ _id: 'a', total: 4, count: 2, name: 'first' }"), Doc("{ _id: 'b', total: 2, count: 1 }")], result);
    }

    [Theory]
    [InlineData("{ noSuchCommand: 1 }", 59)]
    [InlineData("{ find: 'things', filter: { $noSuch: 1 } }", 2)]
    [InlineData("{ find: 'things', filter: { a: { $noSuch: 1 } } }", 2)]
    [InlineData("{ aggregate: 'things', pipeline: [{ $noSuch: {} }], cursor: {} }", 40324)]
    [InlineData("{ aggregate: 'things', pipeline: [] }", 9)]
    [InlineData("{ update: 'things', updates: [{ q: {}, u: { $noSuch: { a: 1 } } }] }", 9)]
    [InlineData("{ find: 'things', noSuchField: 1 }", 9)]
    [InlineData("{ insert: 'things', documents: [{ _id: 2 }], noSuchField: 1 }", 40415)]
    [InlineData("{ find: '' }", 73)]
    [InlineData("{ insert: 'things', documents: [] }", 16)]
    [InlineData("{ insert: 'things', documents: [{ _id: [1] }] }", 53)]
    [InlineData("{ find: 'things', sort: 'x' }", 9)]
    [InlineData("{ find: 'things', hint: 'no_such_index' }", 2)]
    [InlineData("{ dropIndexes: 'things', index: 'no_such_index' }", 27)]
    [InlineData("{ listIndexes: 'missing' }", 26)]
    [InlineData("{ getParameter: 1, featureCompatibilityVersion: 1 }", 13)]
    public async Task What_cannot_be_understood_is_refused_with_its_code(string command, int code)
    {
        await Collection.InsertOneAsync(Doc("{ _id: 1, a: 1 }"));
        Assert.Equal(code, await CodeAsync(command));
    }

    private async Task<int> CodeAsync(string command)
    {
        try
        {
            var reply = await Database.RunCommandAsync<BsonDocument>(Doc(command));
            return reply.TryGetValue("writeErrors", out var errors) ? errors[0]["code"].ToInt32() : 0;
        }
        catch (MongoCommandException error)
        {
            return error.Code;
        }
    }

    [Fact]
    public async Task A_database_whose_name_differs_in_case_only_is_refused()
    {
        await Collection.InsertOneAsync(Doc("{ _id: 1 }"));
        var other = Client.GetDatabase(Database.DatabaseNamespace.DatabaseName.ToUpperInvariant());
        var error = await Assert.ThrowsAnyAsync<MongoException>(() => other.GetCollection<BsonDocument>("things").InsertOneAsync(Doc("{ _id: 1 }")));
        Assert.Equal(13297, error switch { MongoWriteException write => write.WriteError.Code, MongoCommandException command => command.Code, _ => 0 });
    }
}
