using MongoDB.Bson;
using MongoDB.Driver;

namespace Outbox.Embedded.Tests.MongoDb.Conformance;

public sealed class InsertAndFindTests(MongoFixture mongo) : ConformanceTest(mongo)
{
    [Fact]
    public async Task What_was_inserted_is_found()
    {
        await Collection.InsertOneAsync(Doc("{ _id: 1, a: { b: [1, 2] }, s: 'x' }"));
        Assert.Equal(Doc("{ _id: 1, a: { b: [1, 2] }, s: 'x' }"), Assert.Single(await FindAsync("{ _id: 1 }")));
        Assert.Empty(await FindAsync("{ _id: 2 }"));
    }

    [Fact]
    public async Task A_missing_id_is_made_and_id_comes_first()
    {
        await Database.RunCommandAsync<BsonDocument>(Doc("{ insert: 'things', documents: [{ a: 1 }, { a: 2, _id: 'x' }] }"));
        var found = await FindAsync();
        Assert.All(found, document => Assert.Equal("_id", document.GetElement(0).Name));
        Assert.IsType<BsonObjectId>(found[0]["_id"]);
    }

    [Fact]
    public async Task A_second_document_with_the_same_id_is_refused_with_key_pattern_and_value()
    {
        await Collection.InsertOneAsync(Doc("{ _id: 1 }"));
        var error = await Assert.ThrowsAsync<MongoWriteException>(() => Collection.InsertOneAsync(Doc("{ _id: 1 }")));
        Assert.Equal(ServerErrorCategory.DuplicateKey, error.WriteError.Category);
        Assert.Contains("E11000 duplicate key error collection", error.WriteError.Message, StringComparison.Ordinal);
        var reply = await Database.RunCommandAsync<BsonDocument>(Doc("{ insert: 'things', documents: [{ _id: 1 }] }"));
        var written = reply["writeErrors"][0];
        Assert.Equal((11000, Doc("{ _id: 1 }"), Doc("{ _id: 1 }")), (written["code"].ToInt32(), written["keyPattern"], written["keyValue"]));
    }

    [Fact]
    public async Task Numbers_of_any_type_are_one_key()
    {
        await Collection.InsertOneAsync(Doc("{ _id: 1 }"));
        foreach (var same in new BsonValue[] { new BsonInt64(1), new BsonDouble(1), new BsonDecimal128(1) })
        {
            var error = await Assert.ThrowsAsync<MongoWriteException>(() => Collection.InsertOneAsync(new BsonDocument("_id", same)));
            Assert.Equal(11000, error.WriteError.Code);
            Assert.Single(await Collection.Find(new BsonDocument("_id", same)).ToListAsync());
        }
    }

    [Fact]
    public async Task An_ordered_bulk_stops_at_its_first_error_and_an_unordered_one_goes_on()
    {
        BsonDocument[] documents = [Doc("{ _id: 1 }"), Doc("{ _id: 1 }"), Doc("{ _id: 2 }")];
        var ordered = await Assert.ThrowsAsync<MongoBulkWriteException<BsonDocument>>(() => Collection.InsertManyAsync(documents));
        Assert.Equal((1, 1), (Assert.Single(ordered.WriteErrors).Index, (int)ordered.Result.InsertedCount));
        await Collection.DeleteManyAsync(Doc("{}"));
        var unordered = await Assert.ThrowsAsync<MongoBulkWriteException<BsonDocument>>(
            () => Collection.InsertManyAsync(documents, new InsertManyOptions { IsOrdered = false }));
        Assert.Equal((1, 2), (Assert.Single(unordered.WriteErrors).Index, (int)unordered.Result.InsertedCount));
        Assert.Equal(2, (await FindAsync()).Count);
    }

    [Fact]
    public async Task Sort_skip_limit_and_batches_work_together()
    {
        await Collection.InsertManyAsync(Enumerable.Range(0, 1000).Select(i => new BsonDocument { { "_id", i }, { "n", i * 7 % 1000 } }));
        var page = await Collection.Find(Doc("{ n: { $gte: 100 } }"), new FindOptions { BatchSize = 10 }).Sort(Doc("{ n: -1 }")).Skip(5).Limit(100).ToListAsync();
        Assert.Equal(Enumerable.Range(0, 100).Select(i => 994 - i), page.Select(d => d["n"].ToInt32()));
    }

    [Fact]
    public async Task A_cursor_can_be_killed_and_is_then_unknown()
    {
        await Collection.InsertManyAsync(Enumerable.Range(0, 10).Select(i => new BsonDocument("_id", i)));
        var first = await Database.RunCommandAsync<BsonDocument>(Doc("{ find: 'things', batchSize: 2 }"));
        var id = first["cursor"]["id"].ToInt64();
        Assert.NotEqual(0, id);
        var killed = await Database.RunCommandAsync<BsonDocument>(new BsonDocument { { "killCursors", "things" }, { "cursors", new BsonArray { id, 123L } } });
        Assert.Equal((1, 1), (killed["cursorsKilled"].AsBsonArray.Count, killed["cursorsNotFound"].AsBsonArray.Count));
        var error = await Assert.ThrowsAsync<MongoCommandException>(
            () => Database.RunCommandAsync<BsonDocument>(new BsonDocument { { "getMore", id }, { "collection", "things" } }));
        Assert.Equal(43, error.Code);
    }

    [Fact]
    public async Task Values_of_all_types_sort_in_the_documented_order()
    {
        BsonValue[] values =
        [
            BsonMinKey.Value, BsonNull.Value, double.NaN, -5.5, new BsonDecimal128(0.1m), 0.25, 3, 9007199254740993L, 1e300, "A", "a", Doc("{ a: 1 }"), Doc("{ b: 0 }"),
            new BsonBinaryData([1], BsonBinarySubType.Binary), new BsonBinaryData([0, 0], BsonBinarySubType.Binary), ObjectId.Parse("0123456789abcdef01234567"),
            false, true, new BsonDateTime(-1), new BsonDateTime(5), new BsonTimestamp(1, 1), new BsonRegularExpression("x"), BsonMaxKey.Value,
        ];
        var shuffled = values.Select((value, i) => new BsonDocument { { "_id", (i * 11) % values.Length }, { "i", i }, { "v", value } }).OrderBy(d => d["_id"].ToInt32());
        await Collection.InsertManyAsync(shuffled);
        var expected = Enumerable.Range(0, values.Length).ToList();
        var sorted = await Collection.Find(Doc("{}")).Sort(Doc("{ v: 1 }")).ToListAsync();
        Assert.Equal(expected, sorted.Select(d => d["i"].ToInt32()));
        await Collection.Indexes.CreateOneAsync(new CreateIndexModel<BsonDocument>(Doc("{ v: -1 }")));
        var indexed = await Collection.Find(Doc("{}"), new FindOptions { Hint = "v_-1" }).Sort(Doc("{ v: 1 }")).ToListAsync();
        Assert.Equal(expected, indexed.Select(d => d["i"].ToInt32()));
    }
}
