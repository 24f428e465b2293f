using MongoDB.Bson;
using MongoDB.Driver;

namespace Outbox.Embedded.Tests.MongoDb.Conformance;

public sealed class IndexTests(MongoFixture mongo) : ConformanceTest(mongo)
{
    [Fact]
    public async Task A_unique_compound_index_refuses_the_same_pair_only()
    {
        await IndexAsync("{ a: 1, b: -1 }", new CreateIndexOptions { Unique = true });
        await Collection.InsertManyAsync([Doc("{ a: 1, b: 1 }"), Doc("{ a: 1, b: 2 }"), Doc("{ a: 2, b: 1 }")]);
        var error = await Assert.ThrowsAsync<MongoWriteException>(() => Collection.InsertOneAsync(Doc("{ a: 1, b: 2 }")));
        Assert.Contains("dup key: { a: 1, b: 2 }", error.WriteError.Message, StringComparison.Ordinal);
        await Assert.ThrowsAsync<MongoWriteException>(() => Collection.UpdateOneAsync(Doc("{ a: 2 }"), Doc("{ $set: { a: 1 } }")));
    }

    [Fact]
    public async Task A_unique_index_treats_missing_as_null_unless_sparse()
    {
        await IndexAsync("{ a: 1 }", new CreateIndexOptions { Unique = true });
        await Collection.InsertOneAsync(Doc("{ _id: 1 }"));
        await Assert.ThrowsAsync<MongoWriteException>(() => Collection.InsertOneAsync(Doc("{ _id: 2, a: null }")));
        await Collection.Indexes.DropAllAsync();
        await IndexAsync("{ a: 1 }", new CreateIndexOptions { Unique = true, Sparse = true });
        await Collection.InsertOneAsync(Doc("{ _id: 3 }"));
        Assert.Equal(2, (await FindAsync("{ a: null }")).Count);
    }

    [Fact]
    public async Task A_partial_unique_index_binds_only_the_documents_of_its_filter()
    {
        await IndexAsync("{ k: 1 }", new CreateIndexOptions<BsonDocument> { Unique = true, PartialFilterExpression = Doc("{ active: true }") });
        await Collection.InsertManyAsync([Doc("{ _id: 1, k: 1, active: true }"), Doc("{ _id: 2, k: 1 }"), Doc("{ _id: 3, k: 1, active: false }")]);
        await Assert.ThrowsAsync<MongoWriteException>(() => Collection.UpdateOneAsync(Doc("{ _id: 2 }"), Doc("{ $set: { active: true } }")));
        Assert.Equal(3, (await FindAsync("{ k: 1 }")).Count);
        Assert.Single(await FindAsync("{ k: 1, active: true }"));
    }

    [Fact]
    public async Task A_multikey_index_lists_a_document_under_each_element_and_finds_it_once()
    {
        await IndexAsync("{ tags: 1 }");
        await Collection.InsertManyAsync([Doc("{ _id: 1, tags: ['a', 'b', 'c'] }"), Doc("{ _id: 2, tags: ['b'] }"), Doc("{ _id: 3, tags: [] }"), Doc("{ _id: 4, tags: 'a' }")]);
        Assert.Equal([1, 4], (await FindAsync("{ tags: 'a' }")).Select(d => d["_id"].ToInt32()).Order());
        Assert.Equal([1, 2, 4], (await FindAsync("{ tags: { $gte: 'a' } }")).Select(d => d["_id"].ToInt32()).Order());
        Assert.Equal(3, (await FindAsync("{ tags: [] }")).Single()["_id"]);
        Assert.Equal(1, (await FindAsync("{ tags: { $gt: 'b', $lt: 'b' } }")).Single()["_id"]);
    }

    [Fact]
    public async Task Parallel_arrays_cannot_be_indexed()
    {
        await IndexAsync("{ a: 1, b: 1 }");
        var error = await Assert.ThrowsAsync<MongoWriteException>(() => Collection.InsertOneAsync(Doc("{ a: [1], b: [2] }")));
        Assert.Equal(171, error.WriteError.Code);
    }

    [Fact]
    public async Task Indexes_are_listed_with_their_options()
    {
        await IndexAsync("{ at: 1 }", new CreateIndexOptions { ExpireAfter = TimeSpan.FromSeconds(60), Name = "ttl" });
        await IndexAsync("{ k: 1, v: -1 }", new CreateIndexOptions { Unique = true });
        var listed = await (await Collection.Indexes.ListAsync()).ToListAsync();
        Assert.Equal(["_id_", "k_1_v_-1", "ttl"], listed.Select(i => i["name"].AsString).Order(StringComparer.Ordinal));
        Assert.Equal(60, listed.Single(i => i["name"] == "ttl")["expireAfterSeconds"].ToInt32());
        Assert.True(listed.Single(i => i["name"] == "k_1_v_-1")["unique"].AsBoolean);
    }

    [Fact]
    public async Task An_index_is_made_once_and_another_under_its_name_or_keys_is_refused()
    {
        await IndexAsync("{ a: 1 }");
        await IndexAsync("{ a: 1 }");
        Assert.Equal(86, (await Assert.ThrowsAsync<MongoCommandException>(() => IndexAsync("{ b: 1 }", new CreateIndexOptions { Name = "a_1" }))).Code);
        Assert.Equal(85, (await Assert.ThrowsAsync<MongoCommandException>(() => IndexAsync("{ a: 1 }", new CreateIndexOptions { Name = "other" }))).Code);
    }

    [Fact]
    public async Task A_unique_index_over_duplicates_is_not_made()
    {
        await Collection.InsertManyAsync([Doc("{ a: 1 }"), Doc("{ a: 1 }")]);
        Assert.Equal(11000, (await Assert.ThrowsAsync<MongoCommandException>(() => IndexAsync("{ a: 1 }", new CreateIndexOptions { Unique = true }))).Code);
        Assert.Single(await (await Collection.Indexes.ListAsync()).ToListAsync());
    }

    [Fact]
    public async Task Documents_expire_by_their_date_and_others_stay()
    {
        await Collection.InsertManyAsync(
        [
            new BsonDocument { { "_id", 1 }, { "at", DateTime.UtcNow.AddHours(-2) } },
            new BsonDocument { { "_id", 2 }, { "at", DateTime.UtcNow.AddHours(2) } },
            new BsonDocument { { "_id", 3 }, { "at", "not a date" } },
            new BsonDocument { { "_id", 4 } },
        ]);
        await IndexAsync("{ at: 1 }", new CreateIndexOptions { ExpireAfter = TimeSpan.FromMinutes(1) });
        var deadline = DateTime.UtcNow.AddSeconds(90);
        while ((await FindAsync()).Count > 3 && DateTime.UtcNow < deadline)
        {
            await Task.Delay(100);
        }

        Assert.Equal([2, 3, 4], (await FindAsync()).Select(d => d["_id"].ToInt32()).Order());
    }

    [Theory]
    [InlineData("{ a: 3 }", null)]
    [InlineData("{ a: { $in: [5, 1, 9] } }", "{ a: -1, b: 1 }")]
    [InlineData("{ a: 3, b: { $gt: 2, $lte: 7 } }", "{ b: -1 }")]
    [InlineData("{ a: { $gte: 8 } }", "{ a: 1, b: -1 }")]
    [InlineData("{ a: 3, b: { $ne: 4 } }", "{ b: 1 }")]
    [InlineData("{ $or: [{ a: 1 }, { a: 7, b: 2 }] }", "{ a: 1, b: -1 }")]
    [InlineData("{}", "{ a: -1, b: 1 }")]
    public async Task An_index_changes_nothing_but_the_speed(string filter, string? sort)
    {
        await Collection.InsertManyAsync(Enumerable.Range(0, 100).Select(i => new BsonDocument { { "_id", (i * 37) % 100 }, { "a", i / 10 }, { "b", i % 10 } }));
        var order = Doc(sort ?? "{ _id: 1 }").Add("c", 1);
        if (!order.Contains("_id"))
        {
            order.Add("_id", 1);
        }

        var without = await Collection.Find(Doc(filter), new FindOptions { Hint = Doc("{ $natural: 1 }") }).Sort(order).ToListAsync();
        await IndexAsync("{ a: 1, b: -1 }");
        await IndexAsync("{ b: 1 }");
        Assert.Equal(without, await Collection.Find(Doc(filter)).Sort(order).ToListAsync());
        if (sort is not null)
        {
            var plain = await Collection.Find(Doc(filter)).Sort(Doc(sort)).ToListAsync();
            Assert.Equal(without.Select(d => (d["a"], d["b"])), plain.Select(d => (d["a"], d["b"])));
        }
    }

    [Theory]
    [InlineData("{ key: { a: 1 }, name: 'x', partialFilterExpression: 5 }", 14)]
    [InlineData("{ key: { a: 1 }, name: 'x', partialFilterExpression: { a: { $ne: 1 } } }", 67)]
    [InlineData("{ key: { a: 1 }, name: 'x', partialFilterExpression: { $nor: [{ a: 1 }] } }", 67)]
    [InlineData("{ key: { a: 1 }, name: 'x', partialFilterExpression: { a: { $exists: false } } }", 67)]
    [InlineData("{ key: { 'a.$b': 1 }, name: 'x' }", 67)]
    [InlineData("{ key: { '$a': 1 }, name: 'x' }", 67)]
    [InlineData("{ key: { 'a..b': 1 }, name: 'x' }", 67)]
    [InlineData("{ key: { a: 1 }, name: 'x\\u0000y' }", 67)]
    public async Task An_index_that_makes_no_sense_is_refused(string index, int code)
    {
        await Database.CreateCollectionAsync("things");
        var command = new BsonDocument { { "createIndexes", "things" }, { "indexes", new BsonArray { Doc(index) } } };
        Assert.Equal(code, (await Assert.ThrowsAsync<MongoCommandException>(() => Database.RunCommandAsync<BsonDocument>(command))).Code);
    }

    [Fact]
    public async Task A_collection_has_at_most_64_indexes()
    {
        await Collection.Indexes.CreateManyAsync(Enumerable.Range(0, 63).Select(i => new CreateIndexModel<BsonDocument>(new BsonDocument($"f{i}", 1))));
        Assert.Equal(67, (await Assert.ThrowsAsync<MongoCommandException>(() => IndexAsync("{ more: 1 }"))).Code);
    }

    [Fact]
    public async Task How_an_index_was_asked_to_be_built_is_listed_and_makes_no_other_index_of_it()
    {
        await RunAsync("{ createIndexes: 'things', indexes: [{ key: { a: 1 }, name: 'a_1', background: true }] }");
        await RunAsync("{ createIndexes: 'things', indexes: [{ key: { a: 1 }, name: 'a_1' }] }");
        var listed = await (await Collection.Indexes.ListAsync()).ToListAsync();
        Assert.Equal(BsonBoolean.True, listed.Single(i => i["name"] == "a_1")["background"]);

        Task RunAsync(string command) => Database.RunCommandAsync<BsonDocument>(Doc(command));
    }

    private Task<string> IndexAsync(string keys, CreateIndexOptions? options = null) =>
        Collection.Indexes.CreateOneAsync(new CreateIndexModel<BsonDocument>(Doc(keys), options));
}
