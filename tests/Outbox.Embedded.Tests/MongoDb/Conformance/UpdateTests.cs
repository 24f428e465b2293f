using MongoDB.Bson;
using MongoDB.Driver;

namespace Outbox.Embedded.Tests.MongoDb.Conformance;

public sealed class UpdateTests(MongoFixture mongo) : ConformanceTest(mongo)
{
    [Theory]
    [InlineData("{ $set: { n: { $numberDouble: '1' } } }", "{ _id: 1, n: { $numberDouble: '1' }, in: { n: 1 } }")]
    [InlineData("{ $set: { in: { n: { $numberLong: '1' } } } }", "{ _id: 1, n: 1, in: { n: { $numberLong: '1' } } }")]
    public async Task A_number_of_another_type_is_another_value(string update, string expected)
    {
        await Collection.InsertOneAsync(Doc("{ _id: 1, n: 1, in: { n: 1 } }"));
        Assert.Equal(1, (await Collection.UpdateOneAsync(Doc("{ _id: 1 }"), Doc(update))).ModifiedCount);
        Assert.Equal(Doc(expected).ToJson(), (await FindAsync()).Single().ToJson());
    }

    [Fact]
    public async Task Matched_and_modified_are_told_apart()
    {
        await Collection.InsertManyAsync([Doc("{ _id: 1, v: 1 }"), Doc("{ _id: 2, v: 2 }")]);
        var result = await Collection.UpdateManyAsync(Doc("{}"), Doc("{ $set: { v: 2 } }"));
        Assert.Equal((2, 1), (result.MatchedCount, result.ModifiedCount));
    }

    [Fact]
    public async Task An_upsert_builds_its_document_from_the_query_and_the_update()
    {
        var result = await Collection.UpdateOneAsync(
            Doc("{ _id: 'e1', 'a.b': 1, n: { $gt: 5 }, s: { $eq: 'x' } }"), Doc("{ $set: { v: 1 }, $setOnInsert: { made: true } }"), new UpdateOptions { IsUpsert = true });
        Assert.Equal("e1", result.UpsertedId.AsString);
        Assert.Equal(Doc("{ _id: 'e1', a: { b: 1 }, made: true, s: 'x', v: 1 }"), Sorted((await FindAsync()).Single()));
    }

    [Fact]
    public async Task An_upsert_that_older_data_must_not_overwrite_is_a_duplicate()
    {
        await Collection.InsertOneAsync(Doc("{ _id: 'e', version: 5 }"));
        var error = await Assert.ThrowsAsync<MongoWriteException>(
            () => Collection.UpdateOneAsync(Doc("{ _id: 'e', version: { $lt: 3 } }"), Doc("{ $set: { version: 3 } }"), new UpdateOptions { IsUpsert = true }));
        Assert.Equal(11000, error.WriteError.Code);
        Assert.Equal(1, (await Collection.UpdateOneAsync(Doc("{ _id: 'e', version: { $lt: 7 } }"), Doc("{ $set: { version: 7 } }"), new UpdateOptions { IsUpsert = true })).ModifiedCount);
    }

    [Theory]
    [InlineData(null, 1, "inserted")]
    [InlineData(0, 1, "updated")]
    [InlineData(1, 1, "stale")]
    [InlineData(2, 1, "stale")]
    public async Task A_pipeline_upsert_applies_only_what_is_newer(int? stored, int arriving, string outcome)
    {
        if (stored is { } version)
        {
            await Collection.InsertOneAsync(new BsonDocument { { "_id", "e" }, { "version", version } });
        }

        var update = Doc($"{{ u: [{{ $replaceWith: {{ $cond: [{{ $lt: [{{ $ifNull: ['$version', -1] }}, {arriving}] }}, {{ _id: 'e', version: {arriving}, state: 'new' }}, '$$ROOT'] }} }}] }}")["u"].AsBsonArray;
        var result = await Collection.UpdateOneAsync(Doc("{ _id: 'e' }"), Builders<BsonDocument>.Update.Pipeline(update.Select(s => s.AsBsonDocument).ToArray()), new UpdateOptions { IsUpsert = true });
        Assert.Equal(outcome, result.UpsertedId is not null ? "inserted" : result.ModifiedCount == 1 ? "updated" : "stale");
        Assert.Equal(outcome == "stale" ? stored : arriving, (await FindAsync()).Single()["version"].ToInt32());
    }

    [Fact]
    public async Task A_lease_is_taken_on_the_servers_clock()
    {
        var take = new[] { Doc("{ $set: { owner: 'me', expiresAt: { $add: ['$$NOW', 30000] }, epoch: { $add: [{ $ifNull: ['$epoch', 0] }, 1] } } }") };
        var free = Doc("{ _id: 'lane', $expr: { $or: [{ $eq: ['$owner', 'me'] }, { $lt: ['$expiresAt', '$$NOW'] }] } }");
        var options = new FindOneAndUpdateOptions<BsonDocument> { ReturnDocument = ReturnDocument.After };
        await Collection.InsertOneAsync(new BsonDocument { { "_id", "lane" }, { "owner", "other" }, { "expiresAt", new BsonDateTime(1) } });
        var taken = await Collection.FindOneAndUpdateAsync(free, Builders<BsonDocument>.Update.Pipeline(take), options);
        Assert.Equal(("me", 1), (taken["owner"].AsString, taken["epoch"].ToInt32()));
        Assert.InRange(taken["expiresAt"].ToUniversalTime() - DateTime.UtcNow, TimeSpan.FromSeconds(20), TimeSpan.FromSeconds(40));
        await Collection.UpdateOneAsync(Doc("{}"), Doc("{ $set: { owner: 'other' } }"));
        Assert.Null(await Collection.FindOneAndUpdateAsync(free, Builders<BsonDocument>.Update.Pipeline(take), options));
    }

    [Fact]
    public async Task Parallel_upserts_of_one_key_make_one_document()
    {
        await Task.WhenAll(Enumerable.Range(0, 50).Select(_ => Collection.UpdateOneAsync(Doc("{ _id: 1 }"), Doc("{ $inc: { n: 1 } }"), new UpdateOptions { IsUpsert = true })));
        Assert.Equal(Doc("{ _id: 1, n: 50 }"), (await FindAsync()).Single());
    }

    [Fact]
    public async Task Find_and_modify_takes_the_first_in_order_and_returns_what_was_asked()
    {
        await Collection.InsertManyAsync([Doc("{ _id: 1, p: 2 }"), Doc("{ _id: 2, p: 1 }"), Doc("{ _id: 3, p: 3 }")]);
        var before = await Collection.FindOneAndUpdateAsync<BsonDocument>(Doc("{}"), Doc("{ $set: { p: 9 } }"), new() { Sort = Doc("{ p: 1 }"), Projection = Doc("{ p: 1, _id: 0 }") });
        Assert.Equal(Doc("{ p: 1 }"), before);
        Assert.Equal(3, (await Collection.FindOneAndDeleteAsync<BsonDocument>(Doc("{ p: { $lt: 9 } }"), new() { Sort = Doc("{ p: -1 }") }))["_id"]);
        var made = await Collection.FindOneAndReplaceAsync<BsonDocument>(Doc("{ _id: 7 }"), Doc("{ x: 1 }"), new() { IsUpsert = true, ReturnDocument = ReturnDocument.After });
        Assert.Equal(Doc("{ _id: 7, x: 1 }"), made);
        Assert.Null(await Collection.FindOneAndDeleteAsync<BsonDocument>(Doc("{ _id: 99 }")));
    }

    [Fact]
    public async Task Parallel_find_and_modifies_never_take_the_same_document()
    {
        await Collection.InsertManyAsync(Enumerable.Range(0, 100).Select(i => new BsonDocument { { "_id", i }, { "state", "new" } }));
        await Collection.Indexes.CreateOneAsync(new CreateIndexModel<BsonDocument>(Doc("{ state: 1, _id: 1 }")));
        var taken = await Task.WhenAll(Enumerable.Range(0, 100).Select(_ => Collection.FindOneAndUpdateAsync<BsonDocument>(
            Doc("{ state: 'new' }"), Doc("{ $set: { state: 'taken' } }"), new() { Sort = Doc("{ _id: 1 }") })));
        Assert.Equal(Enumerable.Range(0, 100), taken.Select(d => d["_id"].ToInt32()).Order());
    }

    [Fact]
    public async Task A_bulk_of_mixed_writes_tells_what_became_of_each()
    {
        await Collection.InsertManyAsync([Doc("{ _id: 1, v: 0 }"), Doc("{ _id: 2, v: 0 }"), Doc("{ _id: 3, v: 0 }")]);
        var result = await Collection.BulkWriteAsync(
        [
            new InsertOneModel<BsonDocument>(Doc("{ _id: 4 }")),
            new UpdateOneModel<BsonDocument>(Doc("{ _id: 1 }"), Doc("{ $inc: { v: 1 } }")),
            new UpdateManyModel<BsonDocument>(Doc("{ v: 0 }"), Doc("{ $set: { w: 1 } }")),
            new ReplaceOneModel<BsonDocument>(Doc("{ _id: 9 }"), Doc("{ v: 9 }")) { IsUpsert = true },
            new DeleteManyModel<BsonDocument>(Doc("{ w: 1 }")),
            new DeleteOneModel<BsonDocument>(Doc("{ _id: 1 }")),
        ]);
        Assert.Equal((1, 3, 3, 3, 9), (result.InsertedCount, result.MatchedCount, result.ModifiedCount, result.DeletedCount, result.Upserts.Single().Id.ToInt32()));
        Assert.Equal([4, 9], (await FindAsync()).Select(d => d["_id"].ToInt32()).Order());
    }

    [Fact]
    public async Task The_id_of_a_document_cannot_be_changed()
    {
        await Collection.InsertOneAsync(Doc("{ _id: 1 }"));
        var error = await Assert.ThrowsAsync<MongoWriteException>(() => Collection.UpdateOneAsync(Doc("{ _id: 1 }"), Doc("{ $set: { _id: 2 } }")));
        Assert.Equal(66, error.WriteError.Code);
        error = await Assert.ThrowsAsync<MongoWriteException>(() => Collection.ReplaceOneAsync(Doc("{ _id: 1 }"), Doc("{ _id: 2, v: 1 }")));
        Assert.Equal(66, error.WriteError.Code);
    }

    [Fact]
    public async Task An_update_of_what_it_scans_meets_each_document_once()
    {
        await Collection.Indexes.CreateOneAsync(new CreateIndexModel<BsonDocument>(Doc("{ v: 1 }")));
        await Collection.InsertManyAsync(Enumerable.Range(0, 1000).Select(i => new BsonDocument { { "_id", i }, { "v", i } }));
        var result = await Collection.UpdateManyAsync(Doc("{ v: { $gte: 0 } }"), Doc("{ $inc: { v: 500 } }"), new UpdateOptions { Hint = "v_1" });
        Assert.Equal(1000, result.ModifiedCount);
        Assert.Equal(Enumerable.Range(500, 1000), (await Collection.Find(Doc("{}")).Sort(Doc("{ v: 1 }")).ToListAsync()).Select(d => d["v"].ToInt32()));
    }

    private static BsonDocument Sorted(BsonDocument document) => new(document.OrderBy(e => e.Name == "_id" ? "" : e.Name, StringComparer.Ordinal));
}
