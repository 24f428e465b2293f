using System.Collections.Concurrent;
using MassTransit;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using MongoDB.Bson;
using MongoDB.Driver;
using Outbox.Capture;
using Outbox.Inbox.Replaying;
using Outbox.Integration.Tests.History.Keeping;
using Outbox.Integration.Tests.Servers;
using Outbox.Kafka;
using Outbox.MongoDb;
using Outbox.Versioning;

namespace Outbox.Integration.Tests.Inbox.Replaying;

/// <summary>
/// One of several instances of a service whose consumer adds up what it gets, which a repetition shows in, writes down how it got it, and publishes two messages: one always, and one unless it is a replay.
/// </summary>
internal sealed class ReplayedInstance : IAsyncDisposable
{
    private readonly IHost _host;
    private bool _stopped;

    private ReplayedInstance(IHost host, string group) => (_host, Group) = (host, group);

    public string Group { get; }

    public IServiceProvider Services => _host.Services;

    public IInboxReplay Replays => Services.GetRequiredService<IInboxReplay>();

    public IMongoDatabase Database => Services.GetRequiredService<IMongoDatabase>().WithWriteConcern(WriteConcern.WMajority);

    public IMongoCollection<BsonDocument> Totals => Database.GetCollection<BsonDocument>("totals");

    public IMongoCollection<BsonDocument> Runs => Database.GetCollection<BsonDocument>("runs");

    public Script Consumer => Services.GetRequiredService<Script>();

    public static async Task<ReplayedInstance> StartAsync(TestPlace place, MessageOrdering ordering = MessageOrdering.NewestVersion, bool batches = false, Action<ITopicEndpointConfigurator>? endpoint = null)
    {
        var group = $"replayed-{place.Topic}";
        var kafka = await KafkaServer.GetAsync();
        var builder = Host.CreateApplicationBuilder(new HostApplicationBuilderSettings { DisableDefaults = true });
        builder.Logging.SetMinimumLevel(LogLevel.Critical).AddSimpleConsole();
        builder.Services.AddSingleton<Script>();
        builder.Services.AddMassTransit(x =>
        {
            x.AddOutbox(o =>
            {
                o.Services.AddHealthChecks().AddOutboxInbox();
                o.UseMongoDb(m => (m.Connection, m.DatabaseName) = (place.MongoDb, place.Database));
                o.UseKafka(k =>
                {
                    k.BootstrapServers = place.Kafka;
                    if (kafka.Embedded is not null)
                    {
                        // The embedded cluster takes the session timeout for each rebalance.
                        k.ConsumerSettings["session.timeout.ms"] = "1500";
                        k.ConsumerSettings["heartbeat.interval.ms"] = "100";
                    }
                });
                o.RelayEnabled = false;
                o.QueryDelay = TimeSpan.FromMilliseconds(100);
                o.Topic(place.Topic, t =>
                {
                    t.Ordering = ordering;
                    t.Message<OrderPlaced>();
                });
                o.Topic($"totals-{place.Topic}", t =>
                {
                    t.Message<Loud>();
                    t.Message<Quiet>();
                });
                Wallets.Configure(o);
            });
            if (batches)
            {
                x.AddConsumer<BatchConsumer>();
            }
            else
            {
                x.AddConsumer<TotalConsumer>();
            }

            x.UsingInMemory();
            x.AddRider(r => r.UsingKafkaOutbox((context, k) => k.TopicEndpoint(place.Topic, group, e =>
            {
                if (batches)
                {
                    e.ConfigureConsumer<BatchConsumer>(context);
                }
                else
                {
                    e.ConfigureConsumer<TotalConsumer>(context);
                }

                endpoint?.Invoke(e);
            })));
        });
        var instance = new ReplayedInstance(builder.Build(), group);
        await instance._host.StartAsync();
        await instance.Database.CreateCollectionIfMissingAsync("totals");
        await instance.Database.CreateCollectionIfMissingAsync("runs");
        return instance;
    }

    public Task<long> PublishedAsync(string type) => Database.GetCollection<BsonDocument>("outbox").CountDocumentsAsync(new BsonDocument("type", type));

    public Task<long> KeptAsync() => Database.GetCollection<BsonDocument>("history").CountDocumentsAsync(FilterDefinition<BsonDocument>.Empty);

    public Task RanAsync(long runs) => Eventually.TrueAsync(async () => await Runs.CountDocumentsAsync(FilterDefinition<BsonDocument>.Empty) == runs, $"{runs} messages ran");

    public Task DoneAsync() => Eventually.TrueAsync(async () => await Replays.FindAsync(Group) is { Phase: ReplayPhase.Done }, "the replay is done");

    public async Task<long> TotalAsync(string order) => (await Totals.Find(new BsonDocument("_id", order)).FirstOrDefaultAsync())?["total"].ToInt64() ?? 0;

    /// <summary>How often each message ran as something new, and how often as a replay.</summary>
    public async Task<IReadOnlyDictionary<string, (int New, int Again)>> CountAsync() => (await Runs.Find(FilterDefinition<BsonDocument>.Empty).ToListAsync())
        .GroupBy(run => run["message"].AsString).ToDictionary(run => run.Key, run => (run.Count(x => !x["replay"].AsBoolean), run.Count(x => x["replay"].AsBoolean)));

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

    public sealed record Loud(string OrderId);

    public sealed record Quiet(string OrderId);

    /// <summary>What the consumer does beside its work.</summary>
    internal sealed class Script
    {
        public ConcurrentDictionary<string, bool> Failing { get; } = new();

        public Func<IOutboxTransaction, OrderPlaced, Task> Work { get; set; } = (_, _) => Task.CompletedTask;
    }

    private sealed class TotalConsumer(Script script, IMongoDatabase database) : IConsumer<OrderPlaced>
    {
        public async Task Consume(ConsumeContext<OrderPlaced> context)
        {
            var (order, amount) = context.Message;
            await database.GetCollection<BsonDocument>("totals").UpdateOneAsync(
                context.Session(), new BsonDocument("_id", order), Builders<BsonDocument>.Update.Inc("total", (long)amount), new UpdateOptions { IsUpsert = true }, context.CancellationToken);
            await database.GetCollection<BsonDocument>("runs").InsertOneAsync(
                context.Session(), new BsonDocument { { "message", $"{order}/{amount}" }, { "replay", context.IsReplay() } }, cancellationToken: context.CancellationToken);
            await script.Work(context.Transaction(), context.Message);
            await context.Publish(new Quiet(order), x => x.SetEntity(order));
            await context.Publish(new Loud(order), x =>
            {
                x.SetEntity(order);
                x.PublishOnReplay();
            });
            if (script.Failing.ContainsKey(order))
            {
                throw new InvalidOperationException("The consumer fails.");
            }
        }
    }

    private sealed class BatchConsumer : IConsumer<Batch<OrderPlaced>>
    {
        public Task Consume(ConsumeContext<Batch<OrderPlaced>> context) => Task.CompletedTask;
    }
}
