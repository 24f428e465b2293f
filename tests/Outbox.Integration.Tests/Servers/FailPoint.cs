using MongoDB.Bson;
using MongoDB.Driver;

namespace Outbox.Integration.Tests.Servers;

/// <summary>Has commands fail, until it is disposed. A server has one such fail point, and whoever sets another replaces it: the tests that share a server take turns.</summary>
internal sealed class FailPoint : IAsyncDisposable
{
    private static readonly SemaphoreSlim Turn = new(1, 1);
    private readonly IMongoDatabase _admin;

    private FailPoint(IMongoDatabase admin) => _admin = admin;

    /// <summary>Sets it, or skips the test visibly on a server that was not started with enableTestCommands.</summary>
    /// <param name="client">Of the server.</param>
    /// <param name="data">Which commands, of which application, and how.</param>
    /// <param name="times">How many of them; all without it. What else the application does in the background counts too.</param>
    public static async Task<FailPoint> SetAsync(IMongoClient client, BsonDocument data, int? times = null)
    {
        await Turn.WaitAsync();
        var point = new FailPoint(client.GetDatabase("admin"));
        try
        {
            BsonValue mode = times is { } some ? new BsonDocument("times", some) : "alwaysOn";
            await point._admin.RunCommandAsync<BsonDocument>(new BsonDocument { { "configureFailPoint", "failCommand" }, { "mode", mode }, { "data", data } });
            return point;
        }
        catch (Exception error)
        {
            Turn.Release();
            if (error is MongoCommandException { Code: 59 })
            {
                Assert.Skip("This MongoDB was not started with enableTestCommands=1, which fail points need.");
            }

            throw;
        }
    }

    public async ValueTask DisposeAsync()
    {
        try
        {
            await _admin.RunCommandAsync<BsonDocument>(new BsonDocument { { "configureFailPoint", "failCommand" }, { "mode", "off" } });
        }
        finally
        {
            Turn.Release();
        }
    }
}
