using MassTransit;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using MongoDB.Bson;
using MongoDB.Driver;
using Outbox.Benchmarks.Servers;
using Outbox.Kafka;

namespace Outbox.Benchmarks.Consuming;

/// A consuming service on the framework, as a user would build it.
internal static class FrameworkConsumer
{
    public const int BatchesAtOnce = 2;

    /// From the first inbox record to the last.
    public static async Task<Cost> DrainAsync(BenchmarkServers servers, IMongoDatabase database, string topic, int count, int batch)
    {
        using var host = Build(servers, database.DatabaseNamespace.DatabaseName, topic, batch);
        await host.StartAsync();
        var inbox = database.GetCollection<BsonDocument>("inbox");
        var progress = new Progress(database, "Consumption");
        var first = 0L;
        while (first == 0)
        {
            await progress.CheckAsync(0);
            first = await inbox.EstimatedDocumentCountAsync();
        }

        var meter = new Cost.Meter(servers);
        while (await inbox.EstimatedDocumentCountAsync() is var done && done < count)
        {
            await progress.CheckAsync(done);
            await Task.Delay(50);
            meter.Look();
        }

        var cost = meter.Stop((int)(count - first));
        await host.StopAsync();
        return cost;
    }

    private static IHost Build(BenchmarkServers servers, string database, string topic, int batch)
    {
        var builder = Host.CreateApplicationBuilder(new HostApplicationBuilderSettings { DisableDefaults = true });
        builder.Logging.SetMinimumLevel(LogLevel.Warning).AddSimpleConsole();
        builder.Services.AddMassTransit(x =>
        {
            x.AddOutbox(o =>
            {
                o.UseMongoDb(m =>
                {
                    m.Connection = servers.MongoDb;
                    m.DatabaseName = database;
                });
                o.UseKafka(k => k.BootstrapServers = servers.Kafka);
                o.RelayEnabled = false;
                o.Topic(topic, t => t.Message<OrderChanged>());
            });
            x.AddConsumer<OrderConsumer>();
            x.AddConsumer<OrderBatchConsumer>();
            x.UsingInMemory();
            x.AddRider(r => r.UsingKafkaOutbox((context, k) => k.TopicEndpoint(topic, topic, e => Consume(e, context, batch))));
        });
        return builder.Build();
    }

    private static void Consume(ITopicEndpointConfigurator e, IRiderRegistrationContext context, int batch)
    {
        if (batch == 1)
        {
            e.ConfigureConsumer<OrderConsumer>(context);
            return;
        }

        e.PrefetchCount = batch * BatchesAtOnce * 3;
        e.ConfigureConsumer<OrderBatchConsumer>(
            context, c => c.Options<BatchOptions>(b => b.SetMessageLimit(batch).SetTimeLimit(TimeSpan.FromMilliseconds(100)).SetConcurrencyLimit(BatchesAtOnce)));
    }
}
