using MongoDB.Bson;
using MongoDB.Driver;

namespace Outbox.Embedded.Tests.MongoDb.Conformance;

/// explain: which index a query walks, and how much it looks at.
public sealed class ExplainTests(MongoFixture mongo) : ConformanceTest(mongo)
{
    [Theory]
    [InlineData("{ find: 'things', filter: { c: 1 } }", "COLLSCAN")]
    [InlineData("{ find: 'things', filter: { a: 3 } }", "FETCH IXSCAN(a_1_b_-1)")]
    [InlineData("{ find: 'things', filter: { a: 3, b: { $gt: 2 } }, sort: { b: -1 } }", "FETCH IXSCAN(a_1_b_-1)")]
    [InlineData("{ find: 'things', filter: { a: 3 }, sort: { c: 1 } }", "SORT FETCH IXSCAN(a_1_b_-1)")]
    [InlineData("{ find: 'things', filter: { c: 1 }, sort: { d: 1 } }", "SORT COLLSCAN")]
    [InlineData("{ find: 'things', filter: { a: 3 }, limit: 2 }", "LIMIT FETCH IXSCAN(a_1_b_-1)")]
    [InlineData("{ find: 'things', filter: { a: 3 }, hint: { $natural: 1 } }", "COLLSCAN")]
    [InlineData("{ find: 'things', filter: { _id: { $gt: 3 } } }", "FETCH IXSCAN(_id_)")]
    [InlineData("{ find: 'nothing', filter: { a: 3 } }", "EOF")]
    [InlineData("{ update: 'things', updates: [{ q: { a: 3, c: 1 }, u: { $set: { d: 1 } } }] }", "UPDATE FETCH IXSCAN(a_1_b_-1)")]
    [InlineData("{ delete: 'things', deletes: [{ q: { c: 3 }, limit: 0 }] }", "DELETE COLLSCAN")]
    [InlineData("{ aggregate: 'things', pipeline: [{ $match: { a: 3, c: 1 } }], cursor: {} }", "FETCH IXSCAN(a_1_b_-1)")]
    [InlineData("{ aggregate: 'things', pipeline: [{ $match: { a: 3 } }, { $sort: { b: -1 } }, { $limit: 2 }], cursor: {} }", "LIMIT FETCH IXSCAN(a_1_b_-1)")]
    [InlineData("{ aggregate: 'things', pipeline: [{ $sort: { _id: 1 } }, { $limit: 2 }], cursor: {} }", "LIMIT FETCH IXSCAN(_id_)")]
    [InlineData("{ aggregate: 'things', pipeline: [{ $match: { c: 1 } }, { $sort: { d: 1 } }], cursor: {} }", "SORT COLLSCAN")]
    public async Task The_winning_plan_names_its_stages_and_its_index(string command, string expected)
    {
        await FillAsync();
        var reply = await ExplainAsync(command, "queryPlanner");
        Assert.Equal(expected, string.Join(' ', Stages(reply["queryPlanner"]["winningPlan"].AsBsonDocument)));
    }

    [Fact]
    public async Task A_document_by_its_id_is_read_by_its_id()
    {
        await FillAsync();
        var reply = await ExplainAsync("{ find: 'things', filter: { _id: 3 } }", "queryPlanner");
        Assert.Equal(["IDHACK"], Stages(reply["queryPlanner"]["winningPlan"].AsBsonDocument));
    }

    [Theory]
    [InlineData("{ find: 'things', filter: { a: 3 } }", 10, 10, 10)]
    [InlineData("{ find: 'things', filter: { a: 3, c: 1 } }", 1, 10, 10)]
    [InlineData("{ find: 'things', filter: { c: 1 } }", 10, 0, 100)]
    [InlineData("{ aggregate: 'things', pipeline: [{ $match: { a: { $gte: 0 } } }, { $sort: { a: 1, b: -1 } }, { $limit: 5 }], cursor: {} }", 5, 5, 5)]
    public async Task The_statistics_count_what_was_looked_at(string command, int returned, int keys, int documents)
    {
        await FillAsync();
        var statistics = (await ExplainAsync(command, "executionStats"))["executionStats"];
        Assert.Equal((returned, keys, documents), (statistics["nReturned"].ToInt32(), statistics["totalKeysExamined"].ToInt32(), statistics["totalDocsExamined"].ToInt32()));
    }

    [Fact]
    public async Task An_explained_write_changes_nothing()
    {
        await FillAsync();
        await ExplainAsync("{ delete: 'things', deletes: [{ q: {}, limit: 0 }] }", "executionStats");
        Assert.Equal(100, await Collection.CountDocumentsAsync(Doc("{}")));
    }

    [Fact]
    public async Task The_bounds_of_an_index_are_told()
    {
        await FillAsync();
        var reply = await ExplainAsync("{ find: 'things', filter: { a: { $gte: 2, $lt: 5 } } }", "queryPlanner");
        var scan = reply["queryPlanner"]["winningPlan"]["inputStage"];
        Assert.StartsWith("[2", scan["indexBounds"]["a"][0].AsString, StringComparison.Ordinal);
        Assert.EndsWith(")", scan["indexBounds"]["a"][0].AsString, StringComparison.Ordinal);
        Assert.Equal("[MaxKey, MinKey]", scan["indexBounds"]["b"][0]);
    }

    private async Task FillAsync()
    {
        await Collection.InsertManyAsync(Enumerable.Range(0, 100).Select(i => new BsonDocument { { "_id", i }, { "a", i / 10 }, { "b", i % 10 }, { "c", i % 10 } }));
        await Collection.Indexes.CreateOneAsync(new CreateIndexModel<BsonDocument>(Doc("{ a: 1, b: -1 }")));
    }

    private Task<BsonDocument> ExplainAsync(string command, string verbosity) =>
        Database.RunCommandAsync<BsonDocument>(new BsonDocument { { "explain", Doc(command) }, { "verbosity", verbosity } });

    private static IEnumerable<string> Stages(BsonDocument plan)
    {
        for (var stage = plan; stage is not null; stage = stage.GetValue("inputStage", null) as BsonDocument)
        {
            yield return stage["stage"].AsString + (stage.TryGetValue("indexName", out var name) ? $"({name})" : "");
        }
    }
}
