using MassTransit;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using MongoDB.Bson;
using MongoDB.Driver;
using Outbox.Inbox.Health;
using Outbox.Inbox.Operations;
using Outbox.Integration.Tests.Servers;

namespace Outbox.Integration.Tests.Payloads;

/// <summary>A service with a database of its own that reads what another one publishes.</summary>
internal sealed class ReadingService : IAsyncDisposable
{
    private static readonly FilterDefinition<BsonDocument> All = FilterDefinition<BsonDocument>.Empty;

    private readonly IHost _host;

    private ReadingService(IHost host) => _host = host;

    public required string Group { get; init; }

    public required string Topic { get; init; }

    public IServiceProvider Services => _host.Services;

    public Script Consumer => Services.GetRequiredService<Script>();

    public IInboxOperations Operations => Services.GetRequiredService<IInboxOperations>();

    private IMongoDatabase Database => Services.GetRequiredService<IMongoDatabase>();

    public IMongoCollection<BsonDocument> Documents => Database.GetCollection<BsonDocument>("documents");

    public IMongoCollection<BsonDocument> Parked => Database.GetCollection<BsonDocument>("inbox.parked");

    public static async Task<ReadingService> StartAsync(
        TestPlace producer, Action<OutboxConfigurator>? outbox = null, Action<TopicConfigurator>? topic = null, string name = "reading")
    {
        var group = $"{name}-{producer.Topic}";
        var builder = Host.CreateApplicationBuilder(new HostApplicationBuilderSettings { DisableDefaults = true });
        builder.Logging.SetMinimumLevel(LogLevel.Critical).AddSimpleConsole(console => console.SingleLine = true);
        builder.Services.AddSingleton<Script>();
        builder.Services.AddMassTransit(x =>
        {
            x.AddOutbox(o =>
            {
                o.UseMongoDb(m => (m.Connection, m.DatabaseName) = (producer.MongoDb, $"t{Guid.NewGuid():N}"));
                o.UseKafka(k => k.BootstrapServers = producer.Kafka);
                o.QueryDelay = TimeSpan.FromMilliseconds(50);
                o.RelayEnabled = false;
                o.Topic(producer.Topic, t =>
                {
                    t.Message<DocumentStored>();
                    topic?.Invoke(t);
                });
                outbox?.Invoke(o);
            });
            x.AddConsumer<DocumentConsumer>();
            x.UsingInMemory();
            x.AddRider(r => r.UsingKafkaOutbox((context, k) => k.TopicEndpoint(producer.Topic, group, e => e.ConfigureConsumer<DocumentConsumer>(context))));
        });
        var service = new ReadingService(builder.Build()) { Group = group, Topic = producer.Topic };
        await service._host.StartAsync();
        await service.Database.CreateCollectionIfMissingAsync("documents");
        return service;
    }

    /// <summary>What keeps the endpoint from working.</summary>
    public string Trouble() => string.Join('\n', Services.GetRequiredService<EndpointStates>().Of(Group, Topic).Faults.Select(fault => fault.Reason));

    public Task HasAsync(long documents) => Eventually.TrueAsync(async () => await Documents.CountDocumentsAsync(All) == documents, $"{documents} documents were processed");

    public Task HasParkedAsync(long messages) => Eventually.TrueAsync(async () => await Parked.CountDocumentsAsync(All) == messages, $"{messages} messages are parked");

    /// <summary>What was processed, by the message's entity.</summary>
    public async Task<Dictionary<string, string>> TextsAsync() =>
        (await Documents.Find(All).ToListAsync()).ToDictionary(document => document["entityId"].AsString, document => document["text"].AsString);

    public async ValueTask DisposeAsync()
    {
        await _host.StopAsync();
        _host.Dispose();
    }

    public sealed class Script
    {
        public volatile bool Fails;
    }

    private sealed class DocumentConsumer(IMongoDatabase database, Script script) : IConsumer<DocumentStored>
    {
        public async Task Consume(ConsumeContext<DocumentStored> context)
        {
            if (script.Fails)
            {
                throw new InvalidOperationException("the consumer is broken");
            }

            var text = context.Message.Text;
            var document = new BsonDocument { { "entityId", context.Stamp().EntityId }, { "length", text.Length }, { "text", text.Length > 100 ? text[..10] : text } };
            await database.GetCollection<BsonDocument>("documents").InsertOneAsync(context.Session(), document, cancellationToken: context.CancellationToken);
        }
    }
}
