using MongoDB.Bson;
using MongoDB.Driver;

namespace Outbox.Embedded.Tests.MongoDb.Conformance;

/// A cursor lives as long as what it reads from.
public sealed class CursorTests(MongoFixture mongo) : ConformanceTest(mongo)
{
    [Theory]
    [InlineData("{ drop: 'things' }", "{ find: 'things', batchSize: 2 }")]
    [InlineData("{ drop: 'things' }", "{ find: 'things', batchSize: 2, sort: { b: 1 } }")]
    [InlineData("{ drop: 'things' }", "{ aggregate: 'things', pipeline: [{ $match: { a: { $gte: 0 } } }], cursor: { batchSize: 2 } }")]
    [InlineData("{ dropDatabase: 1 }", "{ find: 'things', batchSize: 2 }")]
    [InlineData("{ dropIndexes: 'things', index: 'a_1' }", "{ find: 'things', filter: { a: { $gte: 0 } }, batchSize: 2 }")]
    public async Task It_dies_with_its_collection_and_its_index(string drop, string read)
    {
        await FillAsync();
        using var session = await Client.StartSessionAsync();
        var cursor = (await RunAsync(session, Doc(read)))["cursor"]["id"];
        await RunAsync(session, Doc(drop));
        var error = await Assert.ThrowsAsync<MongoCommandException>(() => RunAsync(session, new BsonDocument { { "getMore", cursor }, { "collection", "things" } }));
        Assert.Contains(error.Code, (int[])[43, 175]);
    }

    [Fact]
    public async Task It_outlives_an_index_that_it_does_not_walk()
    {
        await FillAsync();
        using var session = await Client.StartSessionAsync();
        var cursor = (await RunAsync(session, Doc("{ find: 'things', filter: { b: { $lte: 0 } }, batchSize: 2 }")))["cursor"]["id"];
        await RunAsync(session, Doc("{ dropIndexes: 'things', index: 'a_1' }"));
        Assert.Equal(8, (await RunAsync(session, new BsonDocument { { "getMore", cursor }, { "collection", "things" } }))["cursor"]["nextBatch"].AsBsonArray.Count);
    }

    [Theory]
    [InlineData("{ find: 'things', batchSize: 10, sort: { _id: 1 } }", 1)]
    [InlineData("{ find: 'things', batchSize: 10, sort: { _id: -1 } }", -1)]
    [InlineData("{ find: 'things', batchSize: 10, filter: { _id: { $gte: -100 } } }", 1)]
    [InlineData("{ find: 'things', batchSize: 10 }", 1)]
    [InlineData("{ aggregate: 'things', pipeline: [{ $sort: { _id: 1 } }], cursor: { batchSize: 10 } }", 1)]
    public Task It_does_not_see_the_second_of_two_that_were_committed_together_without_the_first(string read, int direction) => WalkAcrossACommitAsync(
        Doc(read),
        "_id",
        direction,
        (writer, committed) => Collection.InsertManyAsync(writer, [new BsonDocument("_id", (committed + 1) * direction), new BsonDocument("_id", (committed + 2) * direction)]));

    [Theory]
    [InlineData(1)]
    [InlineData(-1)]
    public async Task It_does_not_see_the_second_of_two_that_were_moved_to_the_end_together_without_the_first(int direction)
    {
        await Collection.Indexes.CreateOneAsync(new CreateIndexModel<BsonDocument>(Doc("{ a: 1 }")));
        var read = new BsonDocument { { "find", "things" }, { "batchSize", 10 }, { "sort", new BsonDocument("a", direction) }, { "hint", Doc("{ a: 1 }") }, { "filter", Doc("{ a: { $gt: -1000 } }") } };
        await WalkAcrossACommitAsync(read, "a", direction, async (writer, committed) =>
        {
            foreach (var first in new[] { 1, 2 })
            {
                await Collection.UpdateOneAsync(writer, new BsonDocument("a", first * direction), new BsonDocument("$set", new BsonDocument("a", (committed + first) * direction)));
            }
        });
    }

    /// Two are written behind the others, and committed while a reader is on its way. Wherever a server divides its walk: they lie across it for one of these numbers.
    private async Task WalkAcrossACommitAsync(BsonDocument read, string field, int direction, Func<IClientSessionHandle, int, Task> write)
    {
        for (var committed = 11; committed <= 40; committed++)
        {
            await Collection.DeleteManyAsync(Doc("{}"));
            await Collection.InsertManyAsync(Enumerable.Range(1, committed).Select(i => new BsonDocument(field, i * direction)));
            using var writer = await Client.StartSessionAsync();
            using var reader = await Client.StartSessionAsync();
            writer.StartTransaction();
            await write(writer, committed);

            var first = (await RunAsync(reader, read))["cursor"].AsBsonDocument;
            await writer.CommitTransactionAsync();
            var rest = (await RunAsync(reader, new BsonDocument { { "getMore", first["id"] }, { "collection", "things" } }))["cursor"]["nextBatch"].AsBsonArray;

            var seen = first["firstBatch"].AsBsonArray.Concat(rest).Select(document => document[field].AsInt32 * direction).ToList();
            Assert.Equal(Enumerable.Range(1, seen.Count), seen);
            Assert.True(seen.Count >= committed);
        }
    }

    private async Task FillAsync()
    {
        await Collection.InsertManyAsync(Enumerable.Range(0, 10).Select(i => new BsonDocument { { "_id", i }, { "a", i }, { "b", -i } }));
        await Collection.Indexes.CreateOneAsync(new CreateIndexModel<BsonDocument>(Doc("{ a: 1 }")));
    }

    private Task<BsonDocument> RunAsync(IClientSessionHandle session, BsonDocument command) => Database.RunCommandAsync<BsonDocument>(session, command);
}
