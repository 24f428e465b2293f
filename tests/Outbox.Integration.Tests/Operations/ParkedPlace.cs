using Microsoft.Extensions.DependencyInjection;
using MongoDB.Bson;
using MongoDB.Driver;
using Outbox.Integration.Tests.Servers;
using Outbox.MongoDb.Installation;

namespace Outbox.Integration.Tests.Operations;

/// <summary>A database with many parked messages, and instances of a service that are not started.</summary>
internal sealed class ParkedPlace : IAsyncDisposable
{
    private readonly List<ServiceProvider> _instances = [];
    private readonly string _connection;

    private ParkedPlace(string connection)
    {
        _connection = connection;
        Database = new MongoClient(connection).GetDatabase($"t{Guid.NewGuid():N}");
    }

    public IMongoDatabase Database { get; }

    public IMongoCollection<BsonDocument> Parked => Database.GetCollection<BsonDocument>("ops.outbox.parked");

    public IMongoCollection<BsonDocument> InboxParked => Database.GetCollection<BsonDocument>("ops.inbox.parked");

    public IMongoCollection<BsonDocument> Outbox => Database.GetCollection<BsonDocument>("ops.outbox");

    public static async Task<ParkedPlace> CreateAsync()
    {
        var place = new ParkedPlace((await MongoDbServer.GetAsync()).ConnectionString);
        await place.Instance().GetRequiredService<MongoInstaller>().InstallAsync();
        return place;
    }

    /// <summary>Another process of the service, on a client of its own.</summary>
    public ServiceProvider Instance(Action<MongoClientSettings>? client = null)
    {
        var services = new ServiceCollection().AddLogging();
        var settings = MongoClientSettings.FromConnectionString(_connection);
        client?.Invoke(settings);
        services.AddOwnClient(settings);
        services.AddOutbox(o =>
        {
            o.UseMongoDb(m => (m.DatabaseName, m.CollectionPrefix) = (Database.DatabaseNamespace.DatabaseName, "ops."));
            o.RelayEnabled = false;
            o.LeaseDuration = TimeSpan.FromSeconds(2);
            o.Topic("orders", t => t.Message<OrderPlaced>());
        });
        _instances.Add(services.BuildServiceProvider());
        return _instances[^1];
    }

    public async ValueTask DisposeAsync()
    {
        foreach (var instance in _instances)
        {
            await instance.DisposeAsync();
        }

        await Database.Client.DropDatabaseAsync(Database.DatabaseNamespace.DatabaseName);
    }

    /// <summary>Parks messages as an earlier relay did: every thousandth has no group.</summary>
    public async Task ParkAsync(int count, int groups)
    {
        foreach (var some in Enumerable.Range(0, count).Chunk(5_000))
        {
            await Parked.InsertManyAsync(some.Select(i => Message(i, groups)));
        }
    }

    public async Task ParkInboxAsync(int count, int groups)
    {
        foreach (var some in Enumerable.Range(0, count).Chunk(5_000))
        {
            await InboxParked.InsertManyAsync(some.Select(i => new BsonDocument
            {
                { "endpoint", $"endpoint-{i % 4}" }, { "topic", $"topic-{i % 5}" }, { "partition", i % 3 }, { "offset", (long)i }, { "value", new BsonBinaryData([1, 2, 3]) },
                { "key", BsonNull.Value }, { "headers", new BsonArray() }, { "messageId", $"i{i}" }, { "entityType", "order" }, { "entityId", $"e{i / 10}" }, { "version", (long)(i % 10) },
                { "type", $"type-{i % 7}" }, { "reason", i % 50 == 0 ? "gap" : "failed" }, { "error", $"Error {i % groups}" }, { "attempts", 1 }, { "parkedAt", At(i) },
                { "deadline", At(i).AddMinutes(5), i % 50 == 0 },
            }.AddRange(GroupOf(i, groups))));
        }
    }

    private static BsonDocument Message(int i, int groups) => new BsonDocument
    {
        { "_id", $"m{i:D6}" }, { "lane", i % 8 }, { "topic", $"topic-{i % 5}" }, { "entityType", "order" }, { "entityId", $"e{i / 10}" }, { "version", (long)(i % 10) }, { "ordinal", 0 },
        { "intent", "event" }, { "type", $"type-{i % 7}" }, { "payload", "{}" }, { "headers", new BsonDocument() }, { "timestamp", At(i) },
        { "error", $"Error {i % groups}" }, { "attempts", 1 }, { "hold", false }, { "parkedAt", At(i) },
    }.AddRange(GroupOf(i, groups));

    private static BsonDocument GroupOf(int i, int groups) => i % 1_000 == 999 ? [] : new() { { "errorGroup", $"g{i % groups}" }, { "errorTitle", $"Group {i % groups}" } };

    private static DateTime At(int i) => new DateTime(2026, 1, 1, 0, 0, 0, DateTimeKind.Utc).AddSeconds(i / 3);
}
