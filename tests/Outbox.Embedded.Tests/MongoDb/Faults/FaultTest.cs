using MongoDB.Bson;
using MongoDB.Driver;
using Outbox.Embedded.MongoDb;

namespace Outbox.Embedded.Tests.MongoDb.Faults;

/// A test with an embedded server of its own, which it may break.
public abstract class FaultTest : IAsyncLifetime
{
    protected MongoServer Server { get; private set; } = null!;

    protected IMongoClient Client { get; private set; } = null!;

    protected IMongoCollection<BsonDocument> Collection => Client.GetDatabase("faults").GetCollection<BsonDocument>("things");

    public async ValueTask InitializeAsync()
    {
        Server = await MongoServer.StartAsync(new MongoServerOptions { OplogEntries = 100, SendTimeout = TimeSpan.FromSeconds(2) });
        Client = new MongoClient(Server.ConnectionString);
    }

    public async ValueTask DisposeAsync()
    {
        Client.Dispose();
        await Server.DisposeAsync();
        GC.SuppressFinalize(this);
    }

    protected static BsonDocument Doc(string json) => BsonDocument.Parse(json);

    protected Task<List<BsonDocument>> ReadAsync(ReadConcern concern) => Collection.WithReadConcern(concern).Find(Doc("{}")).Sort(Doc("{ _id: 1 }")).ToListAsync();
}
