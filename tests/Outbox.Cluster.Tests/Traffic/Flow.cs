using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Diagnostics.HealthChecks;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using MongoDB.Bson;
using MongoDB.Driver;
using Outbox.Capture;
using Outbox.Kafka;
using Outbox.RelayHost;

namespace Outbox.Cluster.Tests.Traffic;

/// <summary>One service that publishes, fenced in one way, and one that consumes, message by message and in batches; with a database and a topic of their own.</summary>
internal sealed class Flow : IAsyncDisposable
{
    private const int Entities = 40;
    private readonly IHost _producer;
    private readonly IHost _consumer;
    private readonly long[] _versions = new long[Entities];

    private Flow(IHost producer, IHost consumer, FlowSettings settings) => (_producer, _consumer, Settings) = (producer, consumer, settings);

    public FlowSettings Settings { get; }

    public Pulse Pulse => _consumer.Services.GetRequiredService<Pulse>();

    public IMongoDatabase Database => _producer.Services.GetRequiredService<IMongoDatabase>();

    public long Written => _versions.Sum();

    public static async Task<Flow> StartAsync(FlowSettings settings)
    {
        var flow = new Flow(
            Build(services =>
            {
                services.AddOutbox(o =>
                {
                    settings.Apply(o);
                    o.Topic(settings.Topic, t =>
                    {
                        t.EntityType = "account";
                        t.Message<AccountChanged>();
                    });
                });
                services.AddHealthChecks().AddOutbox();
            }),
            Build(services => Ledger.Add(services, settings.Topic, settings.Apply)),
            settings);
        await flow._producer.StartAsync();
        await flow._consumer.StartAsync();
        return flow;
    }

    /// <summary>Writes one transaction with the next version of some entities.</summary>
    public Task WriteAsync(int turn, int messages, CancellationToken cancellationToken) => _producer.Services.GetRequiredService<IOutbox>().ExecuteAsync(
        (tx, _) =>
        {
            for (var n = 0; n < messages; n++)
            {
                var entity = ((turn * messages) + n) % Entities;
                tx.Publish(new AccountChanged($"account-{entity}", _versions[entity] + 1), $"account-{entity}", _versions[entity] + 1);
            }

            return Task.CompletedTask;
        },
        cancellationToken);

    /// <summary>Notes that the transaction of a turn has committed.</summary>
    public void Wrote(int turn, int messages)
    {
        for (var n = 0; n < messages; n++)
        {
            _versions[((turn * messages) + n) % Entities]++;
        }
    }

    /// <summary>The versions that an entity has, and those that an endpoint processed, in its order.</summary>
    public async Task<IEnumerable<(string Entity, long Newest, IReadOnlyList<long> Processed)>> ReadLedgerAsync(string endpoint)
    {
        var documents = await Database.GetCollection<BsonDocument>(endpoint).Find(FilterDefinition<BsonDocument>.Empty).ToListAsync();
        var processed = documents.ToDictionary(document => document["_id"].AsString, document => document["versions"].AsBsonArray.Select(version => version.ToInt64()).ToList());
        return _versions.Index().Select(entity =>
            ($"account-{entity.Index}", entity.Item, (IReadOnlyList<long>)processed.GetValueOrDefault($"account-{entity.Index}", [])));
    }

    public async Task<string> HealthAsync()
    {
        var report = await _producer.Services.GetRequiredService<HealthCheckService>().CheckHealthAsync();
        return string.Join(' ', report.Entries.Select(entry => $"{entry.Value.Status}: {entry.Value.Description}"));
    }

    public async ValueTask DisposeAsync()
    {
        await Task.WhenAll(_consumer.StopAsync(), _producer.StopAsync());
        _consumer.Dispose();
        _producer.Dispose();
    }

    private static IHost Build(Action<IServiceCollection> add)
    {
        var builder = Host.CreateApplicationBuilder(new HostApplicationBuilderSettings { DisableDefaults = true });
        builder.Logging.SetMinimumLevel(LogLevel.Warning).AddFilter("MassTransit", LogLevel.Error).AddSimpleConsole(console =>
        {
            console.SingleLine = true;
            console.TimestampFormat = "HH:mm:ss ";
        });
        add(builder.Services);
        return builder.Build();
    }
}
