using Confluent.Kafka;
using MassTransit;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Outbox.Capture;
using Outbox.Embedded.Kafka;
using Outbox.Inbox;
using Outbox.Inbox.Failing;
using Outbox.Kafka.Formats;
using Outbox.Kafka.Formats.Wire;
using Outbox.Messages;
using Outbox.Messages.Registration;

namespace Outbox.Kafka.Tests.Fixture;

/// <summary>A Kafka cluster with an <c>orders</c> topic, a database, and services that consume the one into the other.</summary>
public sealed class Shop : IAsyncDisposable
{
    public const string Group = "shipping";

    private readonly List<IHost> _hosts = [];
    private readonly Lazy<IProducer<string, byte[]?>> _producer;

    public Shop(int partitions = 4, string topic = "orders")
    {
        Cluster = KafkaCluster.Start();
        if (partitions > 0)
        {
            Cluster.CreateTopic(topic, partitions);
        }

        Store = new MemoryStore(Signal);
        Logs = new Logs(Signal);
        Probe = new Probe(Signal);
        _producer = new(() => new ProducerBuilder<string, byte[]?>(new ProducerConfig
        {
            BootstrapServers = Cluster.BootstrapServers,
            EnableIdempotence = true,
            LingerMs = 0,
            Partitioner = Partitioner.Murmur2Random,
        }).Build());
    }

    public KafkaCluster Cluster { get; }

    public Signal Signal { get; } = new();

    public MemoryStore Store { get; }

    public Probe Probe { get; }

    public Logs Logs { get; }

    public async Task<IHost> Start(Action<ITopicEndpointConfigurator>? endpoint = null, Action<OutboxConfigurator>? outbox = null)
    {
        var host = Build(endpoint, outbox);
        await host.StartAsync();
        return host;
    }

    public IHost Build(Action<ITopicEndpointConfigurator>? endpoint = null, Action<OutboxConfigurator>? outbox = null) =>
        Build(outbox, x =>
        {
            x.UsingInMemory();
            x.AddRider(r => r.UsingKafkaOutbox((context, k) => k.TopicEndpoint("orders", Group, e =>
            {
                e.CheckpointInterval = TimeSpan.FromMilliseconds(50);
                endpoint?.Invoke(e);
                e.ConfigureConsumer<PlacedConsumer>(context);
                e.ConfigureConsumer<CancelledConsumer>(context);
            })));
        });

    public IHost BuildWith(
        Action<IKafkaOutboxConfigurator, IRegistrationContext> topics, Action<OutboxConfigurator>? outbox = null, Action<IBusRegistrationConfigurator>? bus = null) => Build(outbox, x =>
    {
        bus?.Invoke(x);
        x.UsingInMemory();
        x.AddRider(r => r.UsingKafkaOutbox((context, k) => topics(k, context)));
    });

    /// <summary>With more on the bus than consumers.</summary>
    public IHost BuildWith(Action<IBusRegistrationConfigurator> bus, Action<ITopicEndpointConfigurator, IRegistrationContext> endpoint) => Build(null, x =>
    {
        bus(x);
        x.UsingInMemory();
        x.AddRider(r => r.UsingKafkaOutbox((context, k) => k.TopicEndpoint("orders", Group, e =>
        {
            e.CheckpointInterval = TimeSpan.FromMilliseconds(50);
            endpoint(e, context);
        })));
    });

    /// <summary>With a bus of the test's own.</summary>
    public IHost BuildWith(Action<IBusRegistrationConfigurator> registrations, Action<IBusRegistrationConfigurator> bus) => Build(null, x =>
    {
        registrations(x);
        bus(x);
    });

    /// <summary>The same consumer on a queue of MassTransit's own in-memory transport.</summary>
    public IHost BuildInMemory() => Build(null, x => x.UsingInMemory((context, bus) => bus.ReceiveEndpoint("placed", e =>
    {
        Probe.OnPlaced = consumption => consumption.Context.Publish(new ShipmentCreated(consumption.Message.OrderId));
        e.ConfigureConsumer<PlacedConsumer>(context);
        e.UseInbox(context);
    })));

    private IHost Build(Action<OutboxConfigurator>? outbox, Action<IBusRegistrationConfigurator> bus)
    {
        var builder = Host.CreateApplicationBuilder();
        builder.Logging.ClearProviders().SetMinimumLevel(LogLevel.Debug).AddProvider(Logs);
        builder.Services.AddSingleton(Store).AddSingleton(Probe).AddSingleton(Signal);
        builder.Services.AddSingleton<MemoryInbox>();
        builder.Services.AddSingleton<IInbox>(x => x.GetRequiredService<MemoryInbox>());
        builder.Services.AddSingleton<IBatchInbox>(x => x.GetRequiredService<MemoryInbox>());
        builder.Services.AddSingleton<IInboxRecordStore>(x => x.GetRequiredService<MemoryInbox>());
        builder.Services.AddSingleton<IInboxParking>(x => x.GetRequiredService<MemoryInbox>());
        builder.Services.AddSingleton<IOutbox>(x => x.GetRequiredService<MemoryInbox>());
        builder.Services.AddSingleton<IOutageDetector>(x => x.GetRequiredService<MemoryInbox>());
        builder.Services.Configure<MassTransitHostOptions>(x => x.WaitUntilStarted = true);
        builder.Services.AddMassTransit(x =>
        {
            x.AddOutbox(o =>
            {
                Configure(o);
                outbox?.Invoke(o);
            });
            x.AddConsumer<PlacedConsumer>();
            x.AddConsumer<CancelledConsumer>();
            x.AddConsumer<GoneConsumer>();
            x.AddConsumer<StockConsumer>();
            x.AddConsumer<CountedConsumer>();
            bus(x);
        });
        RemoveRelay(builder.Services);
        var host = builder.Build();
        _hosts.Add(host);
        return host;
    }

    public Task<DeliveryResult<string, byte[]?>> Produce<T>(string entityId, T message, string? messageId = null, long version = 1)
        where T : class => Produce(Envelope(entityId, message, messageId, version));

    public Task<DeliveryResult<string, byte[]?>> Produce<T>(string entityId, T message, string topic)
        where T : class => _producer.Value.ProduceAsync(topic, Envelope(entityId, message));

    public Task<DeliveryResult<string, byte[]?>> Produce(Message<string, byte[]?> message, string topic = "orders") => _producer.Value.ProduceAsync(topic, message);

    public static Message<string, byte[]?> Envelope<T>(string entityId, T message, string? messageId = null, long version = 1)
        where T : class => WireFormats.Write(new OutboxMessage
        {
            MessageId = messageId ?? Guid.CreateVersion7().ToString(),
            Lane = 0,
            Topic = "orders",
            EntityType = "order",
            EntityId = entityId,
            Version = version,
            Ordinal = 0,
            Intent = MessageIntent.Event,
            Type = MessageTypeName.Of(typeof(T)),
            Payload = System.Text.Json.JsonSerializer.Serialize(message, MessageJson.Default),
            Timestamp = DateTimeOffset.UtcNow,
        });

    /// <summary>The group's committed offsets, summed over the topic.</summary>
    public long Committed()
    {
        using var consumer = new ConsumerBuilder<Ignore, Ignore>(new ConsumerConfig { BootstrapServers = Cluster.BootstrapServers, GroupId = Group }).Build();
        using var admin = new DependentAdminClientBuilder(consumer.Handle).Build();
        var partitions = admin.GetMetadata("orders", Signal.Patience).Topics[0].Partitions.Select(x => new TopicPartition("orders", x.PartitionId));
        return consumer.Committed(partitions, Signal.Patience).Sum(x => Math.Max(0, x.Offset.Value));
    }

    /// <summary>What MassTransit's health check says of the topic endpoint.</summary>
    public static EndpointHealthResult Health(IHost host) =>
        host.Services.GetRequiredService<IBusControl>().CheckHealth().Endpoints.Single(x => x.Key.Contains("kafka/", StringComparison.Ordinal)).Value;

    /// <summary>Expects a start that fails, and returns why.</summary>
    public async Task<string> Refuses(IHost host)
    {
        _hosts.Remove(host);
        var refused = await Assert.ThrowsAnyAsync<Exception>(() => host.StartAsync());
        host.Dispose();
        return refused.GetBaseException().Message;
    }

    public async ValueTask DisposeAsync()
    {
        foreach (var host in _hosts)
        {
            await host.StopAsync();
            host.Dispose();
        }

        if (_producer.IsValueCreated)
        {
            _producer.Value.Dispose();
        }

        await Cluster.DisposeAsync();
    }

    private void Configure(OutboxConfigurator outbox)
    {
        outbox.UseKafka(k =>
        {
            k.BootstrapServers = Cluster.BootstrapServers;
            // The embedded cluster takes the session timeout for each rebalance.
            k.ConsumerSettings["session.timeout.ms"] = "1500";
            k.ConsumerSettings["heartbeat.interval.ms"] = "100";
            k.ConsumerSettings["topic.metadata.refresh.interval.ms"] = "500";
            k.Settings["reconnect.backoff.ms"] = "20";
            k.Settings["reconnect.backoff.max.ms"] = "100";
        });
        outbox.Set(x => x.RetryDelay = TimeSpan.FromMilliseconds(20));
        outbox.Topic("orders", t =>
        {
            t.Message<OrderPlaced>();
            t.Message<OrderCancelled>();
            t.Message<OrderShipped>();
        });
        outbox.Topic("shipments", t =>
        {
            t.Message<ShipmentCreated>();
            t.Message<IShipmentPacked>("shipment-packed");
        });
        outbox.Topic("stock", t => t.Command<ReserveStock>());
        outbox.EntityOf<ShipmentCreated>(x => x.OrderId);
        outbox.EntityOf<IShipmentPacked>(x => x.OrderId);
        outbox.EntityOf<ReserveStock>(x => x.Sku);
    }

    internal static void RemoveRelay(IServiceCollection services)
    {
        foreach (var relay in services.Where(x => x.ServiceType == typeof(IHostedService) && x.ImplementationType?.Namespace?.StartsWith("Outbox.", StringComparison.Ordinal) == true).ToList())
        {
            services.Remove(relay);
        }
    }
}
