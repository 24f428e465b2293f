using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.Extensions.DependencyInjection;
using MongoDB.Bson;
using MongoDB.Driver;
using Outbox.Embedded.Kafka;
using Outbox.Embedded.MongoDb;

namespace Outbox.Examples.Tests.Services;

/// <summary>A service in this process on embedded servers. Its relay is off, so that what it would publish stays where a test can see it.</summary>
public abstract class ServiceFixture(string service) : IAsyncLifetime
{
    private MongoServer? _mongoDb;
    private KafkaCluster? _kafka;
    private WebApplication? _app;

    public HttpClient Http { get; } = new();

    public IMongoDatabase Database => _app!.Services.GetRequiredService<IMongoDatabase>();

    internal string Kafka => _kafka!.BootstrapServers;

    public async ValueTask InitializeAsync()
    {
        _mongoDb = await MongoServer.StartAsync();
        _kafka = KafkaCluster.Start();
        _kafka.CreateTopic("orders", 1);
        _kafka.CreateTopic("orders.repair", 1);
        _kafka.CreateTopic("shipments", 1);
        _kafka.CreateTopic("shipping.commands", 1);
        _kafka.CreateTopic("shipping.requests", 1);
        _kafka.CreateTopic("order-service.replies", 1);
        _app = ServiceHost.Create(service, new Dictionary<string, string>
        {
            ["Urls"] = "http://127.0.0.1:0",
            ["Outbox:RelayEnabled"] = "false",
            ["Outbox:MongoDb:Connection"] = _mongoDb.ConnectionString,
            ["Outbox:Kafka:BootstrapServers"] = Kafka,
            ["Shipping:PackingTime"] = "01:00:00",
        });
        await _app.StartAsync();
        Http.BaseAddress = new Uri(_app.Services.GetRequiredService<IServer>().Features.Get<IServerAddressesFeature>()!.Addresses.First());
    }

    public async Task StopMongoDbAsync() => await _mongoDb!.DisposeAsync();

    /// <summary>The messages about an entity that wait for the relay, by version.</summary>
    public async Task<List<string>> OutboxAsync(string entityId)
    {
        var messages = await Database.GetCollection<BsonDocument>("outbox").Find(new BsonDocument("entityId", entityId)).ToListAsync();
        return messages.OrderBy(message => message["version"].ToInt64()).Select(message => $"{message["type"]} v{message["version"]}").ToList();
    }

    /// <summary>Where a document stands; <see langword="null"/> when there is none.</summary>
    public async Task<(string Status, long Version)?> StateAsync(string collection, string id)
    {
        var document = await Database.GetCollection<BsonDocument>(collection).Find(new BsonDocument("_id", id)).FirstOrDefaultAsync();
        return document is null ? null : (document["status"].AsString, document["version"].ToInt64());
    }

    /// <summary>How many messages wait for an earlier version of their entity.</summary>
    public Task<long> WaitingAsync() => Database.GetCollection<BsonDocument>("inbox.parked").CountDocumentsAsync(new BsonDocument("reason", "gap"));

    public async ValueTask DisposeAsync()
    {
        Http.Dispose();
        if (_app is not null)
        {
            // As a host does: what is only disposed of is still starting or working while its services go.
            await _app.StopAsync();
            await _app.DisposeAsync();
        }

        await (_mongoDb?.DisposeAsync() ?? default);
        _kafka?.Dispose();
        GC.SuppressFinalize(this);
    }
}
