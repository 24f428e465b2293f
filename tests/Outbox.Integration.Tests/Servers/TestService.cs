using Confluent.Kafka;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using MongoDB.Bson;
using MongoDB.Driver;
using Outbox.Capture;
using Outbox.Delivery.Operations;

namespace Outbox.Integration.Tests.Servers;

/// <summary>A producing service with a database and topics of its own.</summary>
internal sealed class TestService : IAsyncDisposable
{
    private readonly IHost _host;

    private readonly TestPlace _place;

    private TestService(IHost host, TestPlace place)
    {
        _host = host;
        _place = place;
    }

    public string DatabaseName => _place.Database;

    public string Topic => _place.Topic;

    public TestPlace Place => _place;

    public IServiceProvider Services => _host.Services;

    public IOutbox Outbox => Services.GetRequiredService<IOutbox>();

    public IOutboxOperations Operations => Services.GetRequiredService<IOutboxOperations>();

    /// <summary>The database, written to as the product does: a server whose default is w:1 shows such a write to a majority read only later.</summary>
    public IMongoDatabase Database => Services.GetRequiredService<IMongoDatabase>().WithWriteConcern(WriteConcern.WMajority);

    public IMongoCollection<BsonDocument> Messages => Database.GetCollection<BsonDocument>("outbox");

    public IMongoCollection<BsonDocument> Orders => Database.GetCollection<BsonDocument>("orders");

    /// <summary>Builds and starts a service; with a <paramref name="sibling"/>, as another instance of the same one.</summary>
    public static async Task<TestService> StartAsync(
        Action<OutboxConfigurator>? configure = null, Action<IServiceCollection>? replace = null, TestService? sibling = null, TestPlace? place = null,
        Action<TopicConfigurator>? topic = null)
    {
        place = sibling?._place ?? place ?? await TestPlace.SharedAsync();
        var builder = Host.CreateApplicationBuilder(new HostApplicationBuilderSettings { DisableDefaults = true });
        builder.Logging.SetMinimumLevel(LogLevel.Warning).AddSimpleConsole(console => console.SingleLine = true);
        builder.Services.AddOutbox(o =>
        {
            o.UseMongoDb(m =>
            {
                m.Connection = place.MongoDb;
                m.DatabaseName = place.Database;
            });
            o.UseKafka(k => k.BootstrapServers = place.Kafka);
            o.QueryDelay = TimeSpan.FromMilliseconds(50);
            o.Topic(place.Topic, t =>
            {
                t.EntityType = "order";
                t.Message<OrderPlaced>();
                t.Message<OrderCancelled>();
                topic?.Invoke(t);
            });
            configure?.Invoke(o);
        });
        replace?.Invoke(builder.Services);
        var service = new TestService(builder.Build(), place);
        await service._host.StartAsync();
        await service.Database.CreateCollectionIfMissingAsync("orders");
        return service;
    }

    public Task<IReadOnlyList<ConsumeResult<string, byte[]?>>> ReadTopicAsync() => Task.FromResult(KafkaLog.Read(_place.Kafka, Topic));

    /// <summary>Publishes versions of an entity, each in a transaction of its own.</summary>
    public async Task PublishAsync(string entity, params long[] versions)
    {
        foreach (var version in versions)
        {
            await Outbox.ExecuteAsync((tx, _) =>
            {
                tx.Publish(new OrderPlaced(entity, 7), entity, version);
                return Task.CompletedTask;
            });
        }
    }

    public async ValueTask DisposeAsync()
    {
        await _host.StopAsync();
        _host.Dispose();
    }

    /// <summary>Ends the connections too, of a service that nobody shares them with (see <see cref="OwnClient"/>).</summary>
    public async ValueTask DisposeWithConnectionsAsync()
    {
        var connections = Services.GetRequiredService<IMongoClient>().Cluster;
        await DisposeAsync();
        connections.Dispose();
    }
}
