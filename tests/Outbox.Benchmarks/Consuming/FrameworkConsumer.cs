using System.Diagnostics;
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
    /// Messages per second, from the first inbox record to the last; and by how many bytes the working set grew at most.
    public static async Task<(double Rate, long Growth)> DrainAsync(BenchmarkServers servers, IMongoDatabase database, string topic, int count, int batch)
    {
        GC.Collect();
        using var self = Process.GetCurrentProcess();
        var before = self.WorkingSet64;
        var most = before;
        using var host = Build(servers, database.DatabaseNamespace.DatabaseName, topic, batch);
        await host.StartAsync();
        var inbox = database.GetCollection<BsonDocument>("inbox");
        var done = 0L;
        while (done == 0)
        {
            done = await inbox.EstimatedDocumentCountAsync();
        }

        var first = done;
        var watch = Stopwatch.StartNew();
        while (done < count)
        {
            await Task.Delay(5);
            done = await inbox.EstimatedDocumentCountAsync();
            self.Refresh();
            most = Math.Max(most, self.WorkingSet64);
        }

        var rate = (count - first) / watch.Elapsed.TotalSeconds;
        await host.StopAsync();
        return (rate, most - before);
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

        e.PrefetchCount = batch * 20;
        e.ConcurrentMessageLimit = batch * 2;
        // The newest version wins: a batch may hold several messages of a key, in any order.
        e.ConcurrentDeliveryLimit = batch * 2;
        e.ConfigureConsumer<OrderBatchConsumer>(
            context, c => c.Options<BatchOptions>(b => b.SetMessageLimit(batch).SetTimeLimit(TimeSpan.FromMilliseconds(100)).SetConcurrencyLimit(1)));
    }
}
