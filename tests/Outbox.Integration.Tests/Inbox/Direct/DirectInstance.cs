using System.Collections.Concurrent;
using Confluent.Kafka;
using MassTransit;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using MongoDB.Driver;
using MongoDB.Driver.Core.Events;
using Outbox.Integration.Tests.Servers;
using Outbox.Kafka;
using Outbox.Versioning;

namespace Outbox.Integration.Tests.Inbox.Direct;

/// <summary>One instance of a service whose inbox has no transactions.</summary>
internal sealed class DirectInstance : IAsyncDisposable
{
    private readonly IHost _host;
    private bool _stopped;

    private DirectInstance(IHost host) => _host = host;

    /// <summary>What the consumer does after its change.</summary>
    public Func<ConsumeContext<OrderPlaced>, IPublishEndpoint, Task> AfterChange { get; set; } = (_, _) => Task.CompletedTask;

    public ConcurrentQueue<ApplyOutcome> Outcomes { get; } = new();

    public ConcurrentQueue<string> Transactions { get; } = new();

    public IMongoDatabase Database => _host.Services.GetRequiredService<IMongoDatabase>();

    public static async Task<DirectInstance> StartAsync(TestPlace place)
    {
        var instance = Build(place);
        await instance.RunAsync();
        return instance;
    }

    public static DirectInstance Build(TestPlace place, Action<TopicConfigurator>? topic = null, bool batches = false)
    {
        var builder = Host.CreateApplicationBuilder(new HostApplicationBuilderSettings { DisableDefaults = true });
        builder.Logging.SetMinimumLevel(LogLevel.Critical).AddSimpleConsole();
        DirectInstance instance = null!;
        var settings = MongoClientSettings.FromConnectionString(place.MongoDb);
        settings.ApplicationName = place.Database;
        settings.ClusterConfigurator = cluster => cluster.Subscribe<CommandStartedEvent>(x =>
        {
            if (x.Command.Contains("autocommit"))
            {
                instance.Transactions.Enqueue(x.CommandName);
            }
        });
        builder.Services.AddOwnClient(settings);
        builder.Services.AddSingleton(_ => instance);
        builder.Services.AddMassTransit(x =>
        {
            x.AddOutbox(o =>
            {
                o.UseMongoDb(m => (m.Connection, m.DatabaseName) = (place.MongoDb, place.Database));
                o.UseKafka(k => k.BootstrapServers = place.Kafka);
                o.RelayEnabled = false;
                o.Topic(place.Topic, t =>
                {
                    topic?.Invoke(t);
                    t.Message<OrderPlaced>();
                });
                o.Topic($"shipments-{place.Topic}", t => t.Message<ShipmentCreated>());
                o.EntityOf<ShipmentCreated>(x => x.OrderId, _ => 1);
            });
            x.AddConsumer<DirectConsumer>();
            x.AddConsumer<DirectBatchConsumer>();
            x.UsingInMemory();
            x.AddRider(r => r.UsingKafkaOutbox((context, k) => k.TopicEndpoint(place.Topic, $"direct-{place.Topic}", e =>
            {
                e.Inbox(i => i.Transactional = false);
                e.RevokeTimeout = TimeSpan.FromMilliseconds(100);
                if (batches)
                {
                    e.ConfigureConsumer<DirectBatchConsumer>(context);
                }
                else
                {
                    e.ConfigureConsumer<DirectConsumer>(context);
                }
            })));
        });
        return instance = new DirectInstance(builder.Build());
    }

    public async Task RunAsync()
    {
        await _host.StartAsync();
        // What the start itself did.
        Transactions.Clear();
    }

    public static async Task ProduceAsync(TestPlace place, params Message<string, byte[]>[] messages)
    {
        using var producer = new ProducerBuilder<string, byte[]>(new ProducerConfig { BootstrapServers = place.Kafka, EnableIdempotence = true }).Build();
        foreach (var message in messages)
        {
            await producer.ProduceAsync(place.Topic, message);
        }
    }

    public async Task StopAsync()
    {
        _stopped = true;
        await _host.StopAsync();
    }

    public async ValueTask DisposeAsync()
    {
        if (!_stopped)
        {
            await StopAsync();
        }

        _host.Dispose();
    }

    private sealed class DirectConsumer(IMongoDatabase database, DirectInstance instance, IPublishEndpoint publish) : IConsumer<OrderPlaced>
    {
        public async Task Consume(ConsumeContext<OrderPlaced> context)
        {
            var order = new DirectOrder { Id = context.Message.OrderId, Amount = context.Message.Amount };
            instance.Outcomes.Enqueue(await database.GetCollection<DirectOrder>("orders").ApplyAsync(null, context.Stamp(), order, context.CancellationToken));
            await instance.AfterChange(context, publish);
        }
    }

    private sealed class DirectBatchConsumer : IConsumer<Batch<OrderPlaced>>
    {
        public Task Consume(ConsumeContext<Batch<OrderPlaced>> context) => Task.CompletedTask;
    }
}
