using System.Collections.Concurrent;
using Confluent.Kafka;
using MassTransit;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using MongoDB.Bson;
using MongoDB.Driver;
using MongoDB.Driver.Core.Events;
using Outbox.Integration.Tests.Servers;
using Outbox.Kafka;

namespace Outbox.Integration.Tests.Inbox;

/// <summary>A service that keeps shipments: its consumer writes one, and publishes that it did.</summary>
internal sealed class ConsumingService : IAsyncDisposable
{
    public const string Endpoint = "shipping";

    private readonly IHost _host;

    private readonly string _database;

    private ConsumingService(IHost host, string topic, string database) => (_host, Topic, _database) = (host, topic, database);

    public string Topic { get; }

    /// <summary>The topic as the brokers know it.</summary>
    public required string TopicName { get; init; }

    public IServiceProvider Services => _host.Services;

    /// <summary>What MassTransit's health check says of the topic endpoint.</summary>
    public bool IsHealthy => Services.GetRequiredService<IBusControl>().CheckHealth().Endpoints
        .Single(x => x.Key.Contains("kafka/", StringComparison.Ordinal)).Value.Status == BusHealthStatus.Healthy;

    public ConsumerScript Script => _host.Services.GetRequiredService<ConsumerScript>();

    /// <summary>The commands of transactions; what the endpoint looks up on its own, from time to time, is not among them.</summary>
    public ConcurrentQueue<string> Commands { get; private init; } = new();

    /// <summary>The database, written to as the product does.</summary>
    public IMongoDatabase Database => _host.Services.GetRequiredService<IMongoDatabase>().WithWriteConcern(WriteConcern.WMajority);

    public IMongoCollection<BsonDocument> Shipments => Database.GetCollection<BsonDocument>("shipments");

    public IMongoCollection<BsonDocument> Inbox => Database.GetCollection<BsonDocument>("inbox");

    public IMongoCollection<BsonDocument> Parked => Database.GetCollection<BsonDocument>("inbox.parked");

    public IMongoCollection<BsonDocument> Outbox => Database.GetCollection<BsonDocument>("outbox");

    public static async Task<ConsumingService> StartAsync(
        Action<TopicConfigurator>? orders = null, Action<OutboxConfigurator>? outbox = null, bool batches = false, string prefix = "",
        Action<ITopicEndpointConfigurator>? endpoint = null, ConsumingService? beside = null, string? mongo = null)
    {
        mongo ??= (await MongoDbServer.GetAsync()).ConnectionString;
        var kafka = await KafkaServer.GetAsync();
        var topic = beside?.Topic ?? (await kafka.CreateTopicAsync(prefix + "orders"))[prefix.Length..];
        var database = beside?._database ?? $"t{Guid.NewGuid():N}";
        var commands = new ConcurrentQueue<string>();
        var settings = MongoClientSettings.FromConnectionString(mongo);
        settings.ApplicationName = database;
        settings.ClusterConfigurator = cluster => cluster.Subscribe<CommandStartedEvent>(x =>
        {
            if (x.Command.Contains("autocommit"))
            {
                commands.Enqueue(x.CommandName);
            }
        });

        var builder = Host.CreateApplicationBuilder(new HostApplicationBuilderSettings { DisableDefaults = true });
        builder.Logging.SetMinimumLevel(LogLevel.Critical).AddSimpleConsole(console => console.SingleLine = true);
        builder.Services.AddOwnClient(settings);
        builder.Services.AddSingleton<ConsumerScript>();
        builder.Services.AddMassTransit(x =>
        {
            x.AddOutbox(o =>
            {
                Configure(o, mongo, kafka, database);
                o.UseKafka(k => k.TopicPrefix = prefix);
                o.Topic(topic, t =>
                {
                    orders?.Invoke(t);
                    t.Message<OrderPlaced>();
                    t.Message<OrderCancelled>();
                });
                o.Topic($"shipments-{topic}", t => t.Message<ShipmentCreated>());
                outbox?.Invoke(o);
            });
            x.AddConsumer<ShippingConsumer>();
            x.AddConsumer<ShippingBatchConsumer>();
            x.UsingInMemory();
            x.AddRider(r => r.UsingKafkaOutbox((context, k) => k.TopicEndpoint(topic, $"{Endpoint}-{topic}", e =>
            {
                e.UseMessageRetry(retry => retry.Immediate(1));
                Consume(e, context, batches);
                endpoint?.Invoke(e);
            })));
        });
        var service = new ConsumingService(builder.Build(), topic, database) { TopicName = prefix + topic, Commands = commands };
        await service._host.StartAsync();
        await service.Database.CreateCollectionIfMissingAsync("shipments");
        return service;
    }

    public Task ProduceAsync(params IEnumerable<(string MessageId, OrderPlaced Order)> messages) =>
        ProduceAsync(messages.Select(message => Wire.Message(message.MessageId, message.Order)));

    public async Task ProduceAsync(params IEnumerable<Message<string, byte[]>> messages)
    {
        var kafka = await KafkaServer.GetAsync();
        using var producer = new ProducerBuilder<string, byte[]>(new ProducerConfig { BootstrapServers = kafka.BootstrapServers, EnableIdempotence = true }).Build();
        foreach (var message in messages)
        {
            await producer.ProduceAsync(TopicName, message);
        }
    }

    public Task HasAsync(IMongoCollection<BsonDocument> collection, long count) => Eventually.TrueAsync(
        async () =>
        {
            try
            {
                return await collection.CountDocumentsAsync(FilterDefinition<BsonDocument>.Empty) == count;
            }
            catch (MongoConnectionPoolPausedException)
            {
                // The test took the connections away; they come back.
                return false;
            }
        },
        $"{collection.CollectionNamespace.CollectionName} has {count} documents");

    public Task StopAsync() => _host.StopAsync();

    public async ValueTask DisposeAsync()
    {
        await _host.StopAsync();
        _host.Dispose();
    }

    private static void Consume(ITopicEndpointConfigurator e, IRiderRegistrationContext context, bool batches)
    {
        if (!batches)
        {
            e.ConfigureConsumer<ShippingConsumer>(context);
            return;
        }

        e.ConcurrentMessageLimit = 100;
        e.ConfigureConsumer<ShippingBatchConsumer>(
            context, c => c.Options<BatchOptions>(b => b.SetMessageLimit(20).SetTimeLimit(TimeSpan.FromMilliseconds(300)).SetConcurrencyLimit(2)));
    }

    private static void Configure(OutboxConfigurator o, string mongo, KafkaServer kafka, string database)
    {
        o.UseMongoDb(m =>
        {
            m.Connection = mongo;
            m.DatabaseName = database;
        });
        o.UseKafka(k => k.BootstrapServers = kafka.BootstrapServers);
        o.RelayEnabled = false;
        o.EntityOf<ShipmentCreated>(x => x.OrderId, _ => 1);
    }
}
