using MongoDB.Bson;
using MongoDB.Driver;
using Outbox.Integration.Tests.Servers;
using Outbox.MongoDb.Inbox;

namespace Outbox.Integration.Tests.Inbox;

[Trait("Broker", "none")]
public sealed class OutageDetectorTests
{
    private readonly MongoOutageDetector _detector = new(null!, null!, TimeProvider.System);

    [Fact]
    public async Task A_server_that_cannot_be_reached_is_an_outage()
    {
        using var client = new MongoClient("mongodb://127.0.0.1:1/?serverSelectionTimeoutMS=200&connectTimeoutMS=200");

        var error = await Assert.ThrowsAnyAsync<Exception>(() => client.GetDatabase("x").RunCommandAsync<BsonDocument>(new BsonDocument("ping", 1)));

        Assert.True(_detector.IsOutage(error), error.ToString());
    }

    [Theory]
    [InlineData(91)]
    [InlineData(10107)]
    [InlineData(11600)]
    public async Task A_server_that_shuts_down_or_is_no_primary_is_an_outage(int code)
    {
        var error = await FailedInsertAsync(new BsonDocument { { "failCommands", new BsonArray { "insert" } }, { "errorCode", code } });

        Assert.True(_detector.IsOutage(error), error.ToString());
    }

    [Fact]
    public async Task What_a_message_causes_itself_is_none()
    {
        var refused = await FailedInsertAsync(new BsonDocument { { "failCommands", new BsonArray { "insert" } }, { "errorCode", 121 } });
        var client = new MongoClient((await MongoDbServer.GetAsync()).ConnectionString);
        var collection = client.GetDatabase($"t{Guid.NewGuid():N}").GetCollection<BsonDocument>("c");
        await collection.InsertOneAsync(new BsonDocument("_id", 1));
        var duplicate = await Assert.ThrowsAsync<MongoWriteException>(() => collection.InsertOneAsync(new BsonDocument("_id", 1)));

        Assert.False(_detector.IsOutage(refused), refused.ToString());
        Assert.False(_detector.IsOutage(duplicate), duplicate.ToString());
        Assert.False(_detector.IsOutage(new TimeoutException("of the consumer's own")));
        Assert.False(_detector.IsOutage(new InvalidOperationException()));
    }

    private static async Task<Exception> FailedInsertAsync(BsonDocument failure)
    {
        var settings = MongoClientSettings.FromConnectionString((await MongoDbServer.GetAsync()).ConnectionString);
        settings.ApplicationName = $"outage-{Guid.NewGuid():N}";
        settings.RetryWrites = false;
        using var client = new MongoClient(settings);
        await using var _ = await FailPoint.SetAsync(client, failure.Add("appName", settings.ApplicationName), times: 1);
        return await Assert.ThrowsAnyAsync<Exception>(() =>
            client.GetDatabase("x").GetCollection<BsonDocument>("c").InsertOneAsync(new BsonDocument()));
    }
}
