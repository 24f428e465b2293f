using MongoDB.Bson;
using MongoDB.Driver;

namespace Outbox.Embedded.Tests.MongoDb.Conformance;

public sealed class RetryableWriteTests(MongoFixture mongo) : ConformanceTest(mongo)
{
    private readonly BsonDocument _lsid = new("id", new BsonBinaryData(Guid.NewGuid(), GuidRepresentation.Standard));

    [Fact]
    public async Task A_repeated_insert_is_answered_and_not_made_again()
    {
        var first = await RunAsync("{ insert: 'things', documents: [{ _id: 1 }, { _id: 2 }] }", 1);
        var again = await RunAsync("{ insert: 'things', documents: [{ _id: 1 }, { _id: 2 }] }", 1);
        Assert.Equal((2, 2), (first["n"].ToInt32(), again["n"].ToInt32()));
        Assert.False(again.Contains("writeErrors"));
        Assert.Equal(2, (await FindAsync()).Count);
    }

    [Fact]
    public async Task A_repeated_update_upsert_and_delete_are_answered_as_the_first_time()
    {
        await Collection.InsertManyAsync([Doc("{ _id: 1, v: 0 }"), Doc("{ _id: 2 }")]);
        const string Update = "{ update: 'things', updates: [{ q: { _id: 1 }, u: { $inc: { v: 1 } } }, { q: { _id: 7 }, u: { $inc: { v: 1 } }, upsert: true }] }";
        var first = await RunAsync(Update, 5);
        var again = await RunAsync(Update, 5);
        Assert.Equal((2, 1, 7), (again["n"].ToInt32(), again["nModified"].ToInt32(), again["upserted"][0]["_id"].ToInt32()));
        Assert.Equal(first["upserted"], again["upserted"]);
        Assert.Equal([1, 1], (await FindAsync("{ v: 1 }")).Select(d => d["v"].ToInt32()));
        const string Delete = "{ delete: 'things', deletes: [{ q: { _id: { $lte: 2 } }, limit: 1 }] }";
        await RunAsync(Delete, 6);
        Assert.Equal(1, (await RunAsync(Delete, 6))["n"].ToInt32());
        Assert.Equal(2, (await FindAsync()).Count);
    }

    [Fact]
    public async Task A_repeated_find_and_modify_returns_the_same_document()
    {
        await Collection.InsertOneAsync(Doc("{ _id: 1, v: 0 }"));
        const string Command = "{ findAndModify: 'things', query: { _id: 1 }, update: { $inc: { v: 1 } }, new: true }";
        var first = await RunAsync(Command, 1);
        var again = await RunAsync(Command, 1);
        Assert.Equal((1, 1), (first["value"]["v"].ToInt32(), again["value"]["v"].ToInt32()));
        Assert.Equal(2, (await RunAsync(Command, 2))["value"]["v"].ToInt32());
    }

    [Fact]
    public async Task A_statement_that_failed_is_tried_again_and_an_older_number_is_refused()
    {
        await Collection.InsertOneAsync(Doc("{ _id: 1 }"));
        const string Command = "{ insert: 'things', documents: [{ _id: 1 }, { _id: 2 }], ordered: false }";
        Assert.Equal(1, (await RunAsync(Command, 3))["n"].ToInt32());
        await Collection.DeleteOneAsync(Doc("{ _id: 1 }"));
        Assert.Equal(2, (await RunAsync(Command, 3))["n"].ToInt32());
        Assert.Equal(225, (await Assert.ThrowsAsync<MongoCommandException>(() => RunAsync(Command, 2))).Code);
    }

    [Fact]
    public async Task Writes_of_many_documents_cannot_be_retryable()
    {
        await Collection.InsertOneAsync(Doc("{ _id: 1 }"));
        var reply = await RunAsync("{ delete: 'things', deletes: [{ q: {}, limit: 0 }] }", 1);
        Assert.Equal(72, reply["writeErrors"][0]["code"].ToInt32());
    }

    private Task<BsonDocument> RunAsync(string command, long number) =>
        Database.RunCommandAsync<BsonDocument>(Doc(command).Add("lsid", _lsid).Add("txnNumber", number));
}
