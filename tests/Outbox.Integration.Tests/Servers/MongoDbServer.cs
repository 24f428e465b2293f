using MongoDB.Bson;
using MongoDB.Driver;
using Outbox.Embedded.MongoDb;
using Testcontainers.MongoDb;

namespace Outbox.Integration.Tests.Servers;

/// <summary>One MongoDB for the whole run: OUTBOX_TEST_MONGODB, or Docker where it answers, or the embedded server.</summary>
public sealed class MongoDbServer
{
    private static readonly Lazy<Task<MongoDbServer>> Shared = new(StartAsync);

    private MongoDbServer(string connectionString, MongoServer? embedded)
    {
        ConnectionString = connectionString;
        Embedded = embedded;
    }

    public string ConnectionString { get; }

    /// <summary>The embedded server's controls; null on a real one.</summary>
    public MongoServer? Embedded { get; }

    public static Task<MongoDbServer> GetAsync() => Shared.Value;

    private static async Task<MongoDbServer> StartAsync()
    {
        if (Environment.GetEnvironmentVariable("OUTBOX_TEST_MONGODB") is { Length: > 0 } given)
        {
            return Announce(new MongoDbServer(given, null), "given by OUTBOX_TEST_MONGODB");
        }

        if (await Docker.AnswersAsync())
        {
            var container = new MongoDbBuilder("mongo:8").WithReplicaSet().Build();
            await container.StartAsync();
            return Announce(new MongoDbServer(container.GetConnectionString(), null), "in Docker");
        }

        var server = await MongoServer.StartAsync();
        return Announce(new MongoDbServer(server.ConnectionString, server), "embedded");
    }

    private static MongoDbServer Announce(MongoDbServer server, string origin)
    {
        Console.WriteLine($"MongoDB: {origin}");
        return server;
    }
}
