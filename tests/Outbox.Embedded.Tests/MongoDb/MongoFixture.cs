using MongoDB.Bson;
using MongoDB.Driver;
using Outbox.Embedded.MongoDb;
using Outbox.Embedded.Tests.MongoDb;

[assembly: AssemblyFixture(typeof(MongoFixture))]

namespace Outbox.Embedded.Tests.MongoDb;

/// The MongoDB that the conformance tests run on: the one that OUTBOX_TEST_MONGODB names, else an embedded server.
public sealed class MongoFixture : IAsyncLifetime
{
    private MongoServer? _server;

    public string ConnectionString { get; private set; } = "";

    public IMongoClient Client { get; private set; } = null!;

    public async ValueTask InitializeAsync()
    {
        ConnectionString = Environment.GetEnvironmentVariable("OUTBOX_TEST_MONGODB") ?? "";
        if (ConnectionString.Length == 0)
        {
            _server = await MongoServer.StartAsync();
            ConnectionString = _server.ConnectionString;
        }

        Console.WriteLine($"Conformance tests run on {(_server is null ? "" : "the embedded server, ")}{ConnectionString}");
        Client = new MongoClient(ConnectionString);
    }

    public async ValueTask DisposeAsync()
    {
        Client.Dispose();
        if (_server is not null)
        {
            await _server.DisposeAsync();
        }
    }
}

/// A test class with a database of its own.
public abstract class ConformanceTest(MongoFixture mongo) : IAsyncLifetime
{
    protected MongoFixture Mongo { get; } = mongo;

    protected IMongoClient Client => Mongo.Client;

    protected IMongoDatabase Database { get; } = mongo.Client.GetDatabase($"conformance_{Guid.NewGuid():n}");

    protected IMongoCollection<BsonDocument> Collection => Database.GetCollection<BsonDocument>("things");

    public ValueTask InitializeAsync() => ValueTask.CompletedTask;

    public async ValueTask DisposeAsync()
    {
        await Client.DropDatabaseAsync(Database.DatabaseNamespace.DatabaseName);
        GC.SuppressFinalize(this);
    }

    protected static BsonDocument Doc(string json) => BsonDocument.Parse(json);

    protected Task<List<BsonDocument>> FindAsync(string filter = "{}") => Collection.Find(Doc(filter)).ToListAsync();
}
