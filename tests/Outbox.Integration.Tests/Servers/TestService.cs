using Confluent.Kafka;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using MongoDB.Bson;
using MongoDB.Driver;
using Outbox.Capture;

namespace Outbox.Integration.Tests.Servers;

/// <summary>A producing service with a database and topics of its own.</summary>
internal sealed class TestService : IAsyncDisposable
{
    private readonly IHost _host;

    private TestService(IHost host, string database, string topic)
    {
        _host = host;
        DatabaseName = database;
        Topic = topic;
    }

    public string DatabaseName { get; }

    public string Topic { get; }

    public IServiceProvider Services => _host.Services;

    public IOutbox Outbox => Services.GetRequiredService<IOutbox>();

    public IMongoDatabase Database => Services.GetRequiredService<IMongoDatabase>();

    public IMongoCollection<BsonDocument> Messages => Database.GetCollection<BsonDocument>("outbox");

    public IMongoCollection<BsonDocument> Orders => Database.GetCollection<BsonDocument>("orders");

    /// <summary>Builds and starts a service; with a <paramref name="sibling"/>, as another instance of the same one.</summary>
    public static async Task<TestService> StartAsync(
        Action<OutboxConfigurator>? configure = null, Action<IServiceCollection>? replace = null, TestService? sibling = null, int partitions = 4)
    {
        var mongo = await MongoDbServer.GetAsync();
        var kafka = await KafkaServer.GetAsync();
        var database = sibling?.DatabaseName ?? $"t{Guid.NewGuid():N}";
        var topic = sibling?.Topic ?? await kafka.CreateTopicAsync("orders", partitions);
        var builder = Host.CreateApplicationBuilder(new HostApplicationBuilderSettings { DisableDefaults = true });
        builder.Logging.SetMinimumLevel(LogLevel.Warning).AddSimpleConsole(console => console.SingleLine = true);
        builder.Services.AddOutbox(o =>
        {
            o.UseMongoDb(m =>
            {
                m.Connection = mongo.ConnectionString;
                m.DatabaseName = database;
            });
            o.UseKafka(k => k.BootstrapServers = kafka.BootstrapServers);
            o.QueryDelay = TimeSpan.FromMilliseconds(50);
            o.Topic(topic, t =>
            {
                t.EntityType = "order";
                t.Message<OrderPlaced>();
                t.Message<OrderCancelled>();
            });
            configure?.Invoke(o);
        });
        replace?.Invoke(builder.Services);
        var service = new TestService(builder.Build(), database, topic);
        await service._host.StartAsync();
        await service.Database.CreateCollectionIfMissingAsync("orders");
        return service;
    }

    public async Task<IReadOnlyList<ConsumeResult<string, byte[]?>>> ReadTopicAsync() =>
        KafkaLog.Read((await KafkaServer.GetAsync()).BootstrapServers, Topic);

    public async ValueTask DisposeAsync()
    {
        await _host.StopAsync();
        _host.Dispose();
    }
}
