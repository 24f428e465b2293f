using MongoDB.Bson;
using MongoDB.Bson.Serialization;
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

    [Theory]
    [InlineData("{ a: 1, b: 1 }")]
    [InlineData("{ a: -1 }")]
    public async Task Distinct_values_are_the_same_along_an_index(string keys)
    {
        await Collection.InsertManyAsync(Enumerable.Range(0, 300).Select(n => new BsonDocument { { "_id", n }, { "a", n % 7 }, { "b", n } }));
        await Collection.InsertManyAsync([Doc("{ a: 'x' }"), Doc("{ a: null }"), Doc("{ a: { c: 1 } }"), Doc("{ a: 3.0 }")]);
        var before = await DistinctAsync();
        await Collection.Indexes.CreateOneAsync(new CreateIndexModel<BsonDocument>(Doc(keys)));
        Assert.Equal(before, await DistinctAsync());

        await Collection.UpdateManyAsync(Doc("{ a: 5 }"), Doc("{ $set: { a: 9 } }"));
        await Collection.DeleteManyAsync(Doc("{ a: 2 }"));
        Assert.Equal(["0", "1", "3", "4", "6", "9", "null", "x", "{ \"c\" : 1 }"], await DistinctAsync());

        async Task<IEnumerable<string?>> DistinctAsync() =>
            (await (await Collection.DistinctAsync<BsonValue>("a", Doc("{}"))).ToListAsync()).Select(value => value.IsBsonNull ? "null" : value.ToString()).Order(StringComparer.Ordinal);
    }

    [Theory]
    [InlineData("{ n: 3 }", 30)]
    [InlineData("{ n: 3, t: 'a' }", 15)]
    [InlineData("{ n: 3, t: { $gt: 'a' } }", 15)]
    [InlineData("{ n: 3, u: 'a' }", 0)]
    [InlineData("{ n: { $in: [3, 4] } }", 60)]
    [InlineData("{ n: 3, $expr: { $eq: ['$t', 'b'] } }", 15)]
    public async Task What_an_index_holds_is_counted_and_nothing_else(string filter, int expected)
    {
        await Collection.InsertManyAsync(Enumerable.Range(0, 300).Select(i => new BsonDocument { { "n", i % 10 }, { "t", i / 10 % 2 == 0 ? "a" : "b" } }));
        await Collection.Indexes.CreateOneAsync(new CreateIndexModel<BsonDocument>(Doc("{ n: 1, t: 1 }")));
        Assert.Equal(expected, await Collection.CountDocumentsAsync(Doc(filter)));
        Assert.Equal(Math.Max(0, Math.Min(20, expected - 2)), await Collection.CountDocumentsAsync(Doc(filter), new CountOptions { Skip = 2, Limit = 20 }));

        // An array has a key for each of its elements.
        await Collection.InsertOneAsync(Doc("{ n: [3, 4, 3], t: 'a' }"));
        Assert.Equal(expected == 0 || filter.Contains('b') || filter.Contains("$gt") ? expected : expected + 1, await Collection.CountDocumentsAsync(Doc(filter)));
    }

    [Theory]
    [InlineData("[{ $match: { n: { $gte: 4 } } }, { $sort: { n: -1 } }, { $limit: 3 }]", "9 8 7")]
    [InlineData("[{ $sort: { n: 1 } }, { $skip: 2 }, { $limit: 2 }]", "2 3")]
    [InlineData("[{ $sort: { n: 1 } }, { $limit: 4 }, { $skip: 2 }]", "2 3")]
    [InlineData("[{ $limit: 1 }, { $sort: { n: 1 } }]", "0")]
    [InlineData("[{ $match: { n: { $lt: 5 } } }, { $sort: { m: 1 } }, { $limit: 2 }, { $match: { n: { $ne: 4 } } }, { $sort: { n: 1 } }]", "3")]
    [InlineData("[{ $skip: 8 }, { $match: { n: { $lt: 5 } } }]", "")]
    [InlineData("[{ $sort: { m: 1 } }, { $sort: { n: 1 } }, { $limit: 1 }]", "0")]
    public async Task The_first_stages_of_a_pipeline_run_in_the_order_in_which_they_stand(string pipeline, string expected)
    {
        await Collection.InsertManyAsync(Enumerable.Range(0, 10).Select(i => new BsonDocument { { "_id", i }, { "n", i }, { "m", -i } }));
        await Collection.Indexes.CreateOneAsync(new CreateIndexModel<BsonDocument>(Doc("{ n: 1 }")));
        var stages = BsonSerializer.Deserialize<BsonArray>(pipeline).Select(stage => stage.AsBsonDocument).ToArray();
        Assert.Equal(expected, string.Join(' ', (await Collection.Aggregate<BsonDocument>(stages).ToListAsync()).Select(document => document["n"])));
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
