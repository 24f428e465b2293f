using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using MongoDB.Bson;
using MongoDB.Driver;
using Outbox.Capture;
using Outbox.History;
using Outbox.History.Loading;
using Outbox.History.Projecting;
using Outbox.History.Storing;
using Outbox.Integration.Tests.Servers;
using Outbox.Messages;
using Outbox.MongoDb;
using Outbox.Versioning;

namespace Outbox.Integration.Tests.History.Projecting;

/// <summary>A service with a read model, as a host runs it: the owner of the events, or another.</summary>
internal sealed class ProjectingService : IAsyncDisposable
{
    private readonly IHost _host;

    private ProjectingService(IHost host) => _host = host;

    public IReadModel<AccountRow> Rows => Get<IReadModel<AccountRow>>();

    public IProjections Projections => Get<IProjections>();

    public IServiceProvider Services => _host.Services;

    private OutboxCollections Collections => Get<OutboxCollections>();

    public static async Task<ProjectingService> StartAsync(TestPlace place, Projection? projection, bool keepsHistory, Action<ProjectionConfigurator>? configure = null)
    {
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
            if (keepsHistory)
            {
                ProjectingInstance.ConfigureTopic(o, place.Topic);
            }
            else
            {
                o.Topic(place.Topic, t =>
                {
                    t.EntityType = "account";
                    t.Ordering = MessageOrdering.Sequence;
                    t.Message<AccountOpened>();
                    t.Message<AmountBooked>();
                    t.Message<AccountClosed>();
                });
            }

            if (projection is not null)
            {
                o.Projection(projection, configure);
            }
        });
        var service = new ProjectingService(builder.Build());
        await service._host.StartAsync();
        return service;
    }

    public Task AppendAsync(string account, params object[] events) => ProjectingInstance.AppendAsync(Get<IOutbox>(), account, events);

    public Task WaitAsync(string account, long version) => Rows.WaitForAsync(account, version, new CancellationTokenSource(TimeSpan.FromSeconds(60)).Token);

    /// <summary>Waits for the last event of each account.</summary>
    public async Task WaitAllAsync(ProjectingService? owner = null)
    {
        foreach (var head in (await (owner ?? this).KeptAsync()).GroupBy(kept => kept.EntityId))
        {
            await WaitAsync(head.Key, head.Max(kept => kept.Version));
        }
    }

    public async Task<IReadOnlyList<OutboxMessage>> KeptAsync() =>
        [.. (await Get<IHistoryStore>().ScanAsync("account", null, 1_000, CancellationToken.None).ToListAsync()).SelectMany(page => page).Select(kept => kept.Message)];

    /// <summary>The rows of a build, as text in the order of their ids.</summary>
    public async Task<string> RowsOfAsync(string build)
    {
        var rows = await Collections.Database.GetCollection<AccountRow>(build).Find("{}").ToListAsync();
        return string.Join('\n', rows.OrderBy(row => row.Id, StringComparer.Ordinal));
    }

    public async Task<string> FoldedAsync(Projection projection) => ProjectingInstance.Fold(projection, Get<EventReader>(), await KeptAsync());

    public async Task<IReadOnlyList<string>> ParkedAsync(string build)
    {
        var parked = await Collections.InboxParked.Find(new BsonDocument("endpoint", build)).Sort(new BsonDocument { { "entityId", 1 }, { "version", 1 } }).ToListAsync();
        return parked.ConvertAll(document => $"{document["entityId"]} {document["version"]} {document["reason"]}");
    }

    public Task<long> ParkedCountAsync(string build) => Collections.InboxParked.CountDocumentsAsync(new BsonDocument("endpoint", build));

    public async ValueTask DisposeAsync()
    {
        await _host.StopAsync();
        _host.Dispose();
    }

    private T Get<T>()
        where T : notnull => _host.Services.GetRequiredService<T>();
}
