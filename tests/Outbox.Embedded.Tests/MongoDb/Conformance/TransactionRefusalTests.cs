using MongoDB.Bson;
using MongoDB.Driver;

namespace Outbox.Embedded.Tests.MongoDb.Conformance;

/// What a transaction must not contain.
public sealed class TransactionRefusalTests(MongoFixture mongo) : ConformanceTest(mongo)
{
    private readonly BsonDocument _lsid = new("id", new BsonBinaryData(Guid.NewGuid(), GuidRepresentation.Standard));

    [Theory]
    [InlineData("{ find: 'things', readConcern: { level: 'available' } }", 72)]
    [InlineData("{ find: 'things', readConcern: { level: 'linearizable' } }", 72)]
    [InlineData("{ killCursors: 'things', cursors: [{ $numberLong: '1' }] }", 263)]
    [InlineData("{ count: 'things' }", 263)]
    [InlineData("{ createIndexes: 'things', indexes: [{ key: { a: 1 }, name: 'a_1' }] }", 263)]
    public async Task A_first_statement_that_is_none(string command, int code)
    {
        await Database.CreateCollectionAsync("things");
        Assert.Equal(code, (await RefusedAsync(Database, command, first: true)).Code);
    }

    [Theory]
    [InlineData("{ find: 'conformance' }")]
    [InlineData("{ insert: 'conformance', documents: [{ _id: 1 }] }")]
    public async Task A_database_that_belongs_to_the_server(string command)
    {
        foreach (var database in (string[])["admin", "config", "local"])
        {
            Assert.Equal(263, (await RefusedAsync(Client.GetDatabase(database), command, first: true)).Code);
        }
    }

    [Theory]
    [InlineData("{ commitTransaction: 1 }")]
    [InlineData("{ abortTransaction: 1 }")]
    public async Task An_end_as_the_beginning(string command) => Assert.Equal(263, (await RefusedAsync(Client.GetDatabase("admin"), command, first: true)).Code);

    [Theory]
    [InlineData("{ insert: 'later', documents: [{ _id: 1 }] }")]
    [InlineData("{ find: 'later' }")]
    public async Task A_collection_that_came_after_the_snapshot_is_a_transient_error(string command)
    {
        await Collection.InsertOneAsync(Doc("{ _id: 1 }"));
        await RunAsync(Database, "{ find: 'things' }", first: true);
        await Database.CreateCollectionAsync("later");
        var error = await RefusedAsync(Database, command, first: false);
        Assert.Equal((246, true), (error.Code, error.HasErrorLabel("TransientTransactionError")));
    }

    [Fact]
    public async Task A_collection_that_the_transaction_makes_itself_is_its_own()
    {
        await Collection.InsertOneAsync(Doc("{ _id: 1 }"));
        await RunAsync(Database, "{ find: 'things' }", first: true);
        await RunAsync(Database, "{ insert: 'own', documents: [{ _id: 1 }] }", first: false);
        Assert.Single((await RunAsync(Database, "{ find: 'own' }", first: false))["cursor"]["firstBatch"].AsBsonArray);
        await RunAsync(Client.GetDatabase("admin"), "{ commitTransaction: 1 }", first: false);
        Assert.Equal(1, await Database.GetCollection<BsonDocument>("own").CountDocumentsAsync(Doc("{}")));
    }

    private Task<MongoCommandException> RefusedAsync(IMongoDatabase database, string command, bool first) =>
        Assert.ThrowsAsync<MongoCommandException>(() => RunAsync(database, command, first));

    private Task<BsonDocument> RunAsync(IMongoDatabase database, string command, bool first)
    {
        var statement = Doc(command).Add("lsid", _lsid).Add("txnNumber", 1L).Add("autocommit", false);
        return database.RunCommandAsync<BsonDocument>(first ? statement.Add("startTransaction", true) : statement);
    }
}
