using MassTransit;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using MongoDB.Bson;
using MongoDB.Driver;
using Outbox.History.Replaying;
using Outbox.Inbox.Sequencing;
using Outbox.Integration.Tests.Servers;
using Outbox.MongoDb;
using Outbox.Versioning;

namespace Outbox.Integration.Tests.History.Repairing;

/// <summary>One of several instances of a service that consumes the orders, and writes down each order's amounts, which are its versions, in their transactions.</summary>
internal sealed class AskingInstance : IAsyncDisposable
{
    private static readonly FilterDefinition<BsonDocument> All = FilterDefinition<BsonDocument>.Empty;
    private readonly IHost _host;
    private bool _stopped;

    private AskingInstance(IHost host, string group) => (_host, Group) = (host, group);

    public string Group { get; }

    public IServiceProvider Services => _host.Services;

    public IMongoDatabase Database => Services.GetRequiredService<IMongoDatabase>().WithWriteConcern(WriteConcern.WMajority);

    public static async Task<AskingInstance> StartAsync(
        TestPlace place, Action<SequenceOptions>? sequence = null, MessageOrdering ordering = MessageOrdering.Sequence, string name = "asking", bool withHistory = false,
        Action<OutboxConfigurator>? outbox = null)
    {
        var group = $"{name}-{place.Topic}";
        var builder = Host.CreateApplicationBuilder(new HostApplicationBuilderSettings { DisableDefaults = true });
        builder.Logging.SetMinimumLevel(LogLevel.Critical).AddSimpleConsole();
        builder.Services.AddMassTransit(x =>
        {
            x.AddOutbox(o =>
            {
                o.UseMongoDb(m => (m.Connection, m.DatabaseName) = (place.MongoDb, place.Database));
                Instances.UseKafka(o, place);
                o.Sequence(s =>
                {
                    s.AskOwner = TimeSpan.FromMilliseconds(300);
                    sequence?.Invoke(s);
                });
                o.Topic(place.Topic, t =>
                {
                    t.Ordering = ordering;
                    t.Message<OrderPlaced>();
                });
                outbox?.Invoke(o);
            });
            x.AddConsumer<JournalConsumer>();
            x.UsingInMemory();
            x.AddRider(r => r.UsingKafkaOutbox((context, k) =>
            {
                k.TopicEndpoint(place.Topic, group, e => e.ConfigureConsumer<JournalConsumer>(context));
                if (withHistory)
                {
                    k.TopicEndpoint(HistoryTopic.Of(place.Topic, group), group, e => e.ConfigureConsumer<JournalConsumer>(context));
                }
            }));
        });
        var instance = new AskingInstance(builder.Build(), group);
        await instance._host.StartAsync();
        await instance.Database.CreateCollectionIfMissingAsync("journals");
        return instance;
    }

    public async Task<IReadOnlyList<long>> JournalAsync(string entity)
    {
        var journal = await Collection("journals").Find(new BsonDocument("_id", entity)).FirstOrDefaultAsync();
        return journal is null ? [] : [.. journal["versions"].AsBsonArray.Select(version => version.ToInt64())];
    }

    public Task HasAsync(string entity, params IEnumerable<long> versions) => Eventually.TrueAsync(
        async () => (await JournalAsync(entity)).SequenceEqual(versions), $"{Group} has processed {string.Join(' ', versions)} of {entity}");

    public Task HasAtLeastAsync(string entity, int count) =>
        Eventually.TrueAsync(async () => (await JournalAsync(entity)).Count >= count, $"{Group} has processed {count} versions of {entity}");

    public Task WaitsAsync(long count) => Eventually.TrueAsync(
        async () => await Collection("inbox.parked").CountDocumentsAsync(All) == count, $"{count} messages wait on {Group}");

    public async Task<BsonDocument?> AskedAsync(string entity) =>
        (await Collection("inbox.sequences").Find(new BsonDocument("_id.entityId", entity)).FirstOrDefaultAsync())?.GetValue("asked", null)?.AsBsonDocument;

    /// <summary>Everything that the service has stored, for comparing.</summary>
    public async Task<string> DumpAsync()
    {
        var text = new List<string>();
        foreach (var name in new[] { "journals", "inbox", "inbox.parked", "inbox.sequences", "outbox" })
        {
            text.AddRange((await Collection(name).Find(All).ToListAsync()).Select(document => $"{name} {document.ToJson()}").Order(StringComparer.Ordinal));
        }

        return string.Join('\n', text);
    }

    public IMongoCollection<BsonDocument> Collection(string name) => Database.GetCollection<BsonDocument>(name);

    public async Task StopAsync()
    {
        if (!_stopped)
        {
            _stopped = true;
            await _host.StopAsync();
        }
    }

    public async ValueTask DisposeAsync()
    {
        await StopAsync();
        _host.Dispose();
    }

    private sealed class JournalConsumer(IMongoDatabase database) : IConsumer<OrderPlaced>
    {
        public async Task Consume(ConsumeContext<OrderPlaced> context) => await database.GetCollection<BsonDocument>("journals").UpdateOneAsync(
            context.Session(),
            new BsonDocument("_id", context.Message.OrderId),
            Builders<BsonDocument>.Update.Push("versions", (long)context.Message.Amount),
            new UpdateOptions { IsUpsert = true },
            context.CancellationToken);
    }
}
