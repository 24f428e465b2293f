using System.Collections.Concurrent;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using MongoDB.Bson;
using MongoDB.Driver;
using Outbox.Capture;
using Outbox.Delivery.Leases;
using Outbox.History;
using Outbox.History.Loading;
using Outbox.History.Projecting;
using Outbox.History.Projecting.Building;
using Outbox.History.Projecting.Registration;
using Outbox.History.Storing;
using Outbox.Integration.Tests.Inbox.Sequencing;
using Outbox.Integration.Tests.Servers;
using Outbox.Messages;
using Outbox.MongoDb;
using Outbox.MongoDb.History.Projecting.Builds;
using Outbox.MongoDb.History.Projecting.Pages;
using Outbox.MongoDb.History.Projecting.Rebuilding;

namespace Outbox.Integration.Tests.History.Projecting;

/// <summary>One instance of a service with read models, without a transport: a test says when what happens.</summary>
internal sealed class ProjectingInstance : IAsyncDisposable
{
    public const string Topic = "accounts";

    private readonly IHost _host;

    private ProjectingInstance(IHost host) => _host = host;

    public IReadModel<AccountRow> Rows => Get<IReadModel<AccountRow>>();

    public IProjections Projections => Get<IProjections>();

    public MongoProjectionPages Pages => Get<MongoProjectionPages>();

    public ProjectionPass Pass => Get<ProjectionPass>();

    public OutboxCollections Collections => Get<OutboxCollections>();

    /// <param name="database">The database, which instances of a service share.</param>
    /// <param name="configure">Adds projections.</param>
    /// <param name="owner">The name by which it has leases; one that is started again has another one, unless a test does not want to wait for the first one's.</param>
    /// <param name="time">The clock.</param>
    public static async Task<ProjectingInstance> StartAsync(string database, Action<OutboxConfigurator> configure, RelayIdentity? owner = null, TimeProvider? time = null)
    {
        var mongo = await MongoDbServer.GetAsync();
        var builder = Host.CreateApplicationBuilder(new HostApplicationBuilderSettings { DisableDefaults = true });
        builder.Logging.SetMinimumLevel(LogLevel.Critical).AddSimpleConsole();
        builder.Services.AddSingleton(time ?? TimeProvider.System);
        builder.Services.AddSingleton(owner ?? new RelayIdentity());
        builder.Services.AddSingleton<IProjectionFeed, TestFeed>();
        var settings = MongoClientSettings.FromConnectionString(mongo.ConnectionString);
        Crash.Observe(settings);
        builder.Services.AddOwnClient(settings);
        builder.Services.AddOutbox(o =>
        {
            o.UseMongoDb(m =>
            {
                m.Connection = mongo.ConnectionString;
                m.DatabaseName = database;
            });
            o.RelayEnabled = false;
            o.LeaseDuration = TimeSpan.FromSeconds(1);
            ConfigureTopic(o);
            configure(o);
        });
        var instance = new ProjectingInstance(builder.Build());
        await instance.Get<Outbox.MongoDb.Installation.MongoInstaller>().InstallAsync();
        foreach (var registration in instance.Get<ProjectionRegistry>().All)
        {
            await instance.Get<MongoProjectionBuilds>().EnsureAsync(registration, CancellationToken.None);
        }

        return instance;
    }

    public static void ConfigureTopic(OutboxConfigurator o, string topic = Topic) => o.Topic(topic, t =>
    {
        t.EntityType = "account";
        t.Message<AccountOpened>();
        t.Message<AmountBooked>();
        t.Message<StatementSent>();
        t.Message<AccountClosed>();
        t.KeepHistory(h => h.Fold(new AccountFold()));
    });

    public T Get<T>()
        where T : notnull => _host.Services.GetRequiredService<T>();

    public Task AppendAsync(string account, params object[] events) => AppendAsync(Get<IOutbox>(), account, events);

    public static Task AppendAsync(IOutbox outbox, string account, params object[] events) =>
        outbox.ExecuteAsync((tx, ct) => tx.AppendAsync<Account>(account, Expected.Any, events, ct));

    public async Task<IReadOnlyList<OutboxMessage>> KeptAsync() =>
        [.. (await Get<IHistoryStore>().ScanAsync("account", null, 1_000, CancellationToken.None).ToListAsync()).SelectMany(page => page).Select(kept => kept.Message)];

    public async Task<ProjectionBuild> BuildAsync(string id) => (await Get<MongoProjectionBuilds>().ListAsync(CancellationToken.None)).Single(build => build.Id == id);

    /// <summary>What the consumer of a build does with messages.</summary>
    public async Task<IReadOnlyList<OutcomeKind>> ReceiveAsync(string build, IEnumerable<OutboxMessage> messages)
    {
        var to = await BuildAsync(build);
        var target = Get<PageTargets>().Of(to);
        var events = messages.Select(message => CatchUp.EventOf(Get<EventReader>(), target, message) with { Kept = null }).ToList();
        return [.. (await Pages.ApplyAsync(to, events, CancellationToken.None)).Select(outcome => outcome.Kind)];
    }

    /// <summary>Another build of the same version.</summary>
    public async Task<string> AgainAsync(string build)
    {
        await Get<MongoProjectionBuilds>().CaughtUpAsync(build, CancellationToken.None);
        return await Get<MongoProjectionBuilds>().AddAsync((await BuildAsync(build)).Registration, "again", CancellationToken.None);
    }

    public async Task ScanAsync(string build) => await Get<BuildScans>().TryRunAsync(await BuildAsync(build), CancellationToken.None);

    public async Task SweepAsync(string build) => await Get<CatchUp>().SweepAsync(await BuildAsync(build), CancellationToken.None);

    /// <summary>Whether an entity is to be read from the history.</summary>
    public async Task<bool> IsMarkedAsync(string build, string account)
    {
        var target = Get<PageTargets>().Of(await BuildAsync(build));
        return await Collections.InboxSequences.Find(target.SequenceOf(account).Add("ready", true)).AnyAsync();
    }

    /// <summary>The rows of a build, as text in the order of their ids.</summary>
    public async Task<string> RowsOfAsync(string build)
    {
        var rows = await Collections.Database.GetCollection<AccountRow>(build).Find(FilterDefinition<AccountRow>.Empty).ToListAsync();
        return string.Join('\n', rows.OrderBy(row => row.Id, StringComparer.Ordinal));
    }

    /// <summary>What the projection makes of the whole history, folded here.</summary>
    public async Task<string> FoldedAsync(Projection projection) => Fold(projection, Get<EventReader>(), await KeptAsync());

    public static string Fold(Projection projection, EventReader reader, IEnumerable<OutboxMessage> history)
    {
        var rows = new SortedDictionary<string, object>(StringComparer.Ordinal);
        foreach (var kept in history)
        {
            var @event = reader.Read(kept);
            if (projection.Folds.TryGetValue(@event.GetType(), out var fold) && fold(rows.GetValueOrDefault(kept.EntityId), @event, PageTarget.InfoOf(kept)) is var row)
            {
                _ = row is null ? rows.Remove(kept.EntityId) : (rows[kept.EntityId] = row) is not null;
            }
        }

        return string.Join('\n', rows.Values);
    }

    public async Task<IReadOnlyList<string>> ParkedAsync(string build)
    {
        var parked = await Collections.InboxParked.Find(new BsonDocument("endpoint", build)).Sort(new BsonDocument { { "entityId", 1 }, { "version", 1 } }).ToListAsync();
        return parked.ConvertAll(document => $"{document["entityId"]} {document["version"]} {document["reason"]}");
    }

    public async ValueTask DisposeAsync()
    {
        _host.Dispose();
        await ValueTask.CompletedTask;
    }

    /// <summary>A topic on which all is consumed as soon as it is there.</summary>
    internal sealed class TestFeed : IProjectionFeed
    {
        public ConcurrentBag<string> Pinned { get; } = [];

        /// <summary>How many messages are left to do.</summary>
        public long Lag { get; set; }

        /// <summary>The offset behind the last message.</summary>
        public long End { get; set; } = 100;

        public string NameOf(string topic) => topic;

        public Task PinAsync(string group, string topic, CancellationToken cancellationToken)
        {
            Pinned.Add(group);
            return Task.CompletedTask;
        }

        public Task<FeedPosition> PositionAsync(string group, string topic, CancellationToken cancellationToken) =>
            Task.FromResult(new FeedPosition(new Dictionary<int, (long, long)> { [0] = (End - Lag, End) }));
    }
}
