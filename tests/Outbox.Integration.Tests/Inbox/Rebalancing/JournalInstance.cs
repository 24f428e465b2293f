using MassTransit;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using MongoDB.Bson;
using MongoDB.Driver;
using Outbox.Integration.Tests.Servers;

namespace Outbox.Integration.Tests.Inbox.Rebalancing;

/// <summary>One of several instances of a service that writes down each order's amounts, in its transaction: an effect that came twice or misplaced would show.</summary>
internal sealed class JournalInstance : IAsyncDisposable
{
    public const string Journals = "journals";

    private readonly IHost _host;
    private bool _stopped;

    private JournalInstance(IHost host) => _host = host;

    public static async Task<JournalInstance> StartAsync(TestPlace place)
    {
        var kafka = await KafkaServer.GetAsync();
        var builder = Host.CreateApplicationBuilder(new HostApplicationBuilderSettings { DisableDefaults = true });
        builder.Logging.SetMinimumLevel(LogLevel.Critical).AddSimpleConsole();
        builder.Services.AddMassTransit(x =>
        {
            x.AddOutbox(o =>
            {
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
                o.Topic(place.Topic, t => t.Message<OrderPlaced>());
            });
            x.AddConsumer<JournalConsumer>();
            x.UsingInMemory();
            x.AddRider(r => r.UsingKafkaOutbox((context, k) => k.TopicEndpoint(place.Topic, $"journal-{place.Topic}", e => e.ConfigureConsumer<JournalConsumer>(context))));
        });
        var instance = new JournalInstance(builder.Build());
        await instance._host.StartAsync();
        await instance._host.Services.GetRequiredService<IMongoDatabase>().CreateCollectionIfMissingAsync(Journals);
        return instance;
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

    private sealed class JournalConsumer(IMongoDatabase database) : IConsumer<OrderPlaced>
    {
        public async Task Consume(ConsumeContext<OrderPlaced> context) => await database.GetCollection<BsonDocument>(Journals).UpdateOneAsync(
            context.Session(),
            new BsonDocument("_id", context.Message.OrderId),
            Builders<BsonDocument>.Update.Push("amounts", context.Message.Amount),
            new UpdateOptions { IsUpsert = true },
            context.CancellationToken);
    }
}
