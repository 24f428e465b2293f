using MassTransit;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using MongoDB.Bson;
using MongoDB.Driver;
using Outbox.Capture;
using Outbox.Delivery;
using Outbox.Delivery.Publishing;
using Outbox.Embedded;
using Outbox.Messages;
using Outbox.Versioning;

namespace Outbox.Cli.Tests.Servers;

/// <summary>A service with a database and topics of its own, that publishes orders and consumes them: what the command line looks at is made by the framework itself.</summary>
internal sealed class Shop : IAsyncDisposable
{
    private readonly IHost _host;
    private readonly string _mongoDb;
    private readonly string _kafka;

    private Shop(IHost host, string mongoDb, string kafka) => (_host, _mongoDb, _kafka) = (host, mongoDb, kafka);

    public required string Database { get; init; }

    public required string Topic { get; init; }

    public string Endpoint => $"billing-{Topic}";

    public IMongoDatabase Documents => _host.Services.GetRequiredService<IMongoDatabase>().WithWriteConcern(WriteConcern.WMajority);

    /// <summary>Where it is, as an environment says it.</summary>
    public IReadOnlyDictionary<string, string> Environment => new Dictionary<string, string> { ["OUTBOX_MONGODB"] = _mongoDb, ["OUTBOX_DATABASE"] = Database, ["OUTBOX_KAFKA"] = _kafka };

    /// <summary>Starts one.</summary>
    /// <param name="relays">Whether it publishes.</param>
    /// <param name="hasTopic">Whether its topic is there.</param>
    /// <param name="inSequence">Whether versions have to come one after the other.</param>
    /// <param name="consumes">Whether it consumes what it publishes.</param>
    /// <param name="servers">Where; the default is the servers of the whole run.</param>
    public static async Task<Shop> StartAsync(bool relays = true, bool hasTopic = true, bool inSequence = false, bool consumes = false, EmbeddedServers? servers = null)
    {
        servers ??= await TestServers.GetAsync();
        var (database, topic) = ($"t{Guid.NewGuid():N}", $"orders-{Guid.NewGuid():N}.placed");
        servers.Kafka.CreateTopic(topic, 2);
        if (!hasTopic)
        {
            // The mock makes every topic that somebody asks for.
            servers.Kafka.SetTopicError(topic, Confluent.Kafka.ErrorCode.UnknownTopicOrPart);
        }

        var builder = Host.CreateApplicationBuilder(new HostApplicationBuilderSettings { DisableDefaults = true });
        builder.Logging.SetMinimumLevel(LogLevel.Critical);
        builder.Services.AddMassTransit(x =>
        {
            x.AddOutbox(o =>
            {
                o.UseMongoDb(m => (m.Connection, m.DatabaseName) = (servers.MongoDb.ConnectionString, database));
                o.UseKafka(k => k.BootstrapServers = servers.Kafka.BootstrapServers);
                o.RelayEnabled = relays;
                o.QueryDelay = TimeSpan.FromMilliseconds(100);
                o.Set(options => options.KeepSentFor = TimeSpan.FromDays(1));
                o.Topic(topic, t =>
                {
                    t.EntityType = "order";
                    t.Ordering = inSequence ? MessageOrdering.Sequence : MessageOrdering.NewestVersion;
                    t.Message<OrderPlaced>();
                });
            });
            x.AddConsumer<BillingConsumer>();
            x.UsingInMemory();
            if (consumes)
            {
                x.AddRider(r => r.UsingKafkaOutbox((context, k) => k.TopicEndpoint(topic, $"billing-{topic}", e => e.ConfigureConsumer<BillingConsumer>(context))));
            }
        });
        var shop = new Shop(builder.Build(), servers.MongoDb.ConnectionString, servers.Kafka.BootstrapServers) { Database = database, Topic = topic };
        await shop._host.StartAsync();
        return shop;
    }

    /// <summary>Publishes versions of an order, each in a transaction of its own.</summary>
    /// <param name="order">The order.</param>
    /// <param name="text">What it says; <see cref="BillingConsumer.Poison"/> cannot be processed.</param>
    /// <param name="versions">The versions.</param>
    public async Task PublishAsync(string order, string text, params IReadOnlyList<long> versions)
    {
        foreach (var version in versions)
        {
            await _host.Services.GetRequiredService<IOutbox>().ExecuteAsync((tx, _) =>
            {
                tx.Publish(new OrderPlaced(order, text), order, version);
                return Task.CompletedTask;
            });
        }
    }

    /// <summary>Publishes an order of each number, many in a transaction.</summary>
    public async Task PublishManyAsync(int orders)
    {
        foreach (var some in Enumerable.Range(0, orders).Chunk(500))
        {
            await _host.Services.GetRequiredService<IOutbox>().ExecuteAsync((tx, _) =>
            {
                foreach (var number in some)
                {
                    tx.Publish(new OrderPlaced($"order-{number}", "fine"), $"order-{number}", 1);
                }

                return Task.CompletedTask;
            });
        }
    }

    /// <summary>How many documents of a collection match; without a filter, all.</summary>
    public async Task<int> CountAsync(string collection, BsonDocument? filter = null) => (int)await Documents.GetCollection<BsonDocument>(collection).CountDocumentsAsync(filter ?? []);

    public Task HasAsync(string collection, long least = 1) => Eventually.TrueAsync(
        async () => await CountAsync(collection) >= least, $"{collection} has {least} documents");

    /// <summary>Parks all that is pending, as the relay does with what the brokers refuse for good: without waiting until it does.</summary>
    public Task ParkAllAsync(string error) => ParkAllAsync(_ => error);

    /// <param name="errorOf">What the brokers say of each.</param>
    public async Task ParkAllAsync(Func<OutboxMessage, string> errorOf)
    {
        var reader = _host.Services.GetRequiredService<IOutboxReader>();
        await foreach (var page in reader.SweepAsync(new SweepRequest([.. Enumerable.Range(0, 8)], 500, [], DateTimeOffset.MaxValue), CancellationToken.None))
        {
            await reader.ParkAsync([.. page.Select(message => new UnpublishableMessage(message, errorOf(message), 3, HoldsEntity: true))], CancellationToken.None);
        }
    }

    /// <summary>Runs the command line on it, in this process.</summary>
    public Task<Running.CommandRun> RunAsync(params IReadOnlyList<string> arguments) => Running.CommandRun.OfAsync(Environment, arguments);

    public Task StopAsync() => _host.StopAsync();

    public async ValueTask DisposeAsync()
    {
        await _host.StopAsync();
        _host.Dispose();
    }
}
