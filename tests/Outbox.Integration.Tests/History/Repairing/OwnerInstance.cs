using MassTransit;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using MongoDB.Bson;
using MongoDB.Driver;
using Outbox.Capture;
using Outbox.History;
using Outbox.History.Repair;
using Outbox.Integration.Tests.Servers;
using Outbox.MongoDb;

namespace Outbox.Integration.Tests.History.Repairing;

/// <summary>One of several instances of the service that owns the orders: it keeps what it publishes, and answers those that have missed some of it.</summary>
internal sealed class OwnerInstance : IAsyncDisposable
{
    private readonly IHost _host;
    private readonly TestPlace _place;
    private bool _stopped;

    private OwnerInstance(IHost host, TestPlace place) => (_host, _place) = (host, place);

    public IServiceProvider Services => _host.Services;

    public IOutbox Outbox => Services.GetRequiredService<IOutbox>();

    public IMongoDatabase Database => Services.GetRequiredService<IMongoDatabase>().WithWriteConcern(WriteConcern.WMajority);

    public IMongoCollection<BsonDocument> Messages => Database.GetCollection<BsonDocument>("outbox");

    public static async Task<OwnerInstance> StartAsync(
        TestPlace place, Action<AnswerOptions>? answers = null, MessageFormat format = default, Action<IServiceCollection>? replace = null, bool start = true,
        Action<OutboxConfigurator>? outbox = null)
    {
        var builder = Host.CreateApplicationBuilder(new HostApplicationBuilderSettings { DisableDefaults = true });
        builder.Logging.SetMinimumLevel(LogLevel.Critical).AddSimpleConsole();
        builder.Services.AddMassTransit(x =>
        {
            x.AddOutbox(o =>
            {
                o.UseMongoDb(m => (m.Connection, m.DatabaseName) = (place.MongoDb, place.Database));
                Instances.UseKafka(o, place);
                o.Topic(place.Topic, t =>
                {
                    t.EntityType = "order";
                    t.Format = format;
                    t.Message<OrderPlaced>();
                    t.KeepHistory(h => h.Fold(OrderTotal.Instance));
                    t.AnswerGaps(answers);
                });
                outbox?.Invoke(o);
            });
            x.UsingInMemory();
            x.AddRider(r => r.UsingKafkaOutbox((_, _) => { }));
        });
        replace?.Invoke(builder.Services);
        var instance = new OwnerInstance(builder.Build(), place);
        if (start)
        {
            await instance._host.StartAsync();
        }

        return instance;
    }

    public Task StartAsync() => _host.StartAsync();

    public async Task PublishAsync(string entity, params IEnumerable<long> versions)
    {
        foreach (var version in versions)
        {
            await Outbox.ExecuteAsync((tx, _) =>
            {
                tx.Publish(new OrderPlaced(entity, (int)version), entity, version);
                return Task.CompletedTask;
            });
        }
    }

    /// <summary>Versions that are kept and never get to Kafka, as if they had been lost on their way.</summary>
    public async Task LoseAsync(string entity, params IEnumerable<long> versions)
    {
        using var session = await Database.Client.StartSessionAsync();
        foreach (var version in versions)
        {
            await session.WithTransactionAsync(async (handle, token) =>
            {
                Outbox.Enlist(handle).Publish(new OrderPlaced(entity, (int)version), entity, version);
                var lost = await Messages.DeleteOneAsync(handle, new BsonDocument { { "entityId", entity }, { "version", version } }, cancellationToken: token);
                return lost.DeletedCount;
            });
        }
    }

    public IReadOnlyList<Confluent.Kafka.ConsumeResult<string, byte[]?>> Asks() => KafkaLog.Read(_place.Kafka, RepairTopic.Of(_place.Topic));

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

    public sealed record Total(long Amount);

    private sealed class OrderTotal : IFold<Total>
    {
        public static readonly OrderTotal Instance = new();

        public Total Initial { get; } = new(0);

        public Total Evolve(Total state, object @event) => @event is OrderPlaced placed ? new Total(state.Amount + placed.Amount) : state;
    }
}
