using MongoDB.Bson;
using MongoDB.Driver;

namespace Outbox.Embedded.Tests.MongoDb.Conformance;

/// configureFailPoint, where the server allows it (a real one needs --setParameter enableTestCommands=1).
public sealed class FailPointTests(MongoFixture mongo) : ConformanceTest(mongo)
{
    private readonly string _app = $"app-{Guid.NewGuid():n}";

    [Fact]
    public async Task The_driver_retries_a_write_once_after_a_lost_connection()
    {
        using var client = await FailAsync("{ failCommands: ['insert'], closeConnection: true }");
        await Things(client).InsertOneAsync(Doc("{ _id: 1 }"));
        Assert.Single(await FindAsync());
    }

    [Fact]
    public async Task A_retryable_error_code_bears_its_label_and_is_retried()
    {
        using var client = await FailAsync("{ failCommands: ['update'], errorCode: 189 }");
        await Collection.InsertOneAsync(Doc("{ _id: 1 }"));
        Assert.Equal(1, (await Things(client).UpdateOneAsync(Doc("{ _id: 1 }"), Doc("{ $set: { v: 1 } }"))).ModifiedCount);
    }

    [Fact]
    public async Task The_given_labels_replace_those_of_the_code()
    {
        using var client = await FailAsync("{ failCommands: ['insert'], errorCode: 2, errorLabels: ['SomeLabel'] }");
        var error = await Assert.ThrowsAsync<MongoCommandException>(() => Things(client).InsertOneAsync(Doc("{ _id: 1 }")));
        Assert.Equal((2, true), (error.Code, error.HasErrorLabel("SomeLabel")));
        Assert.Empty(await FindAsync());
    }

    [Fact]
    public async Task A_write_concern_error_comes_after_the_write()
    {
        using var client = await FailAsync("{ failCommands: ['insert'], writeConcernError: { code: 64, errmsg: 'slow' } }");
        var error = await Assert.ThrowsAsync<MongoWriteException>(() => Things(client).InsertOneAsync(Doc("{ _id: 1 }")));
        Assert.Equal(64, error.WriteConcernError.Code);
        Assert.Single(await FindAsync());
    }

    [Fact]
    public async Task A_commit_that_failed_transiently_is_repeated_by_the_driver()
    {
        await Database.CreateCollectionAsync("things");
        using var client = await FailAsync("{ failCommands: ['commitTransaction'], errorCode: 10107 }");
        using var session = await client.StartSessionAsync();
        session.StartTransaction();
        await Things(client).InsertOneAsync(session, Doc("{ _id: 1 }"));
        await session.CommitTransactionAsync();
        Assert.Single(await FindAsync());
    }

    [Fact]
    public async Task A_lost_connection_in_a_transaction_is_a_transient_error()
    {
        await Database.CreateCollectionAsync("things");
        using var client = await FailAsync("{ failCommands: ['insert'], closeConnection: true }");
        using var session = await client.StartSessionAsync();
        session.StartTransaction();
        var error = await Assert.ThrowsAnyAsync<MongoException>(() => Things(client).InsertOneAsync(session, Doc("{ _id: 1 }")));
        Assert.True(error.HasErrorLabel("TransientTransactionError"));
        await session.AbortTransactionAsync();
        Assert.Empty(await FindAsync());
    }

    [Fact]
    public async Task A_blocked_command_runs_when_its_time_is_over()
    {
        using var client = await FailAsync("{ failCommands: ['find'], blockConnection: true, blockTimeMS: 300 }");
        var started = TimeProvider.System.GetTimestamp();
        Assert.Empty(await Things(client).Find(Doc("{}")).ToListAsync());
        Assert.True(TimeProvider.System.GetElapsedTime(started) > TimeSpan.FromMilliseconds(250));
    }

    [Fact]
    public async Task A_fail_point_meets_the_first_hello_of_its_app()
    {
        using var client = await FailAsync("{ failCommands: ['hello', 'isMaster'], closeConnection: true }");
        Assert.Empty(await Things(client).Find(Doc("{}")).ToListAsync());
    }

    [Theory]
    [InlineData(24)]
    [InlineData(112)]
    [InlineData(246)]
    public async Task A_commit_that_met_a_conflict_is_tried_again_from_the_start(int code)
    {
        await Database.CreateCollectionAsync("things");
        using var client = await FailAsync($"{{ failCommands: ['commitTransaction'], errorCode: {code} }}");
        using var session = await client.StartSessionAsync();
        var attempts = 0;
        await session.WithTransactionAsync(async (s, ct) =>
        {
            await Things(client).InsertOneAsync(s, new BsonDocument("_id", ++attempts), cancellationToken: ct);
            return true;
        });
        Assert.Equal(2, attempts);
        Assert.Equal([Doc("{ _id: 2 }")], await FindAsync());
    }

    [Fact]
    public async Task A_write_concern_error_meets_a_statement_of_a_transaction_too_and_is_told_as_it_was_given()
    {
        await Database.CreateCollectionAsync("things");
        using var client = await FailAsync("{ failCommands: ['insert'], writeConcernError: { code: 64, errmsg: 'slow', errorLabels: ['Inside'] } }");
        using var session = await client.StartSessionAsync();
        session.StartTransaction();
        var error = await Assert.ThrowsAsync<MongoWriteConcernException>(
            () => Things(client).Database.RunCommandAsync<BsonDocument>(session, Doc("{ insert: 'things', documents: [{ _id: 1 }] }")));
        Assert.Equal(Doc("{ code: 64, errmsg: 'slow', errorLabels: ['Inside'] }"), error.Result["writeConcernError"]);
        Assert.False(error.Result.Contains("errorLabels"));
        await session.AbortTransactionAsync();
    }

    [Theory]
    [InlineData(91, false)]
    [InlineData(11600, false)]
    [InlineData(189, true)]
    [InlineData(10107, true)]
    public async Task Only_a_server_that_lost_its_role_says_of_which_topology_it_speaks(int code, bool expected)
    {
        using var client = await FailAsync($"{{ failCommands: ['insert'], errorCode: {code} }}");
        var error = await Assert.ThrowsAnyAsync<MongoCommandException>(() => Things(client).Database.RunCommandAsync<BsonDocument>(Doc("{ insert: 'things', documents: [{ _id: 1 }] }")));
        Assert.Equal(expected, error.Result.Contains("topologyVersion"));
    }

    private IMongoCollection<BsonDocument> Things(IMongoClient client) =>
        client.GetDatabase(Database.DatabaseNamespace.DatabaseName).GetCollection<BsonDocument>("things");

    /// A client whose next such command fails, and nobody else's.
    private async Task<IMongoClient> FailAsync(string data)
    {
        var command = new BsonDocument { { "configureFailPoint", "failCommand" }, { "mode", Doc("{ times: 1 }") }, { "data", Doc(data).Add("appName", _app) } };
        try
        {
            await Client.GetDatabase("admin").RunCommandAsync<BsonDocument>(command);
        }
        catch (MongoCommandException error) when (error.Code == 59)
        {
            Assert.Skip("This MongoDB was started without enableTestCommands");
        }

        var settings = MongoClientSettings.FromConnectionString(Mongo.ConnectionString);
        settings.ApplicationName = _app;
        return new MongoClient(settings);
    }
}
