using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using MongoDB.Bson;
using MongoDB.Driver;
using MongoDB.Driver.Core.Events;
using Outbox.Capture;

namespace Outbox.RelayHost;

/// <summary>
/// Writes one order and its message, whose version is counted, in one transaction. It halts when the database has answered a command of it, as <c>insert orders</c>, or before it sends
/// <c>commitTransaction</c>: writes "at" to its output and goes on when it reads a line. In the end it writes "committed".
/// </summary>
internal sealed class Writer(IOutbox outbox, IMongoDatabase database) : BackgroundService
{
    public static void Add(IServiceCollection services, string command)
    {
        var settings = MongoClientSettings.FromConnectionString(Environment.GetEnvironmentVariable("Outbox__MongoDb__Connection"));
        settings.ClusterConfigurator = cluster => Watch(cluster, command);
        services.AddSingleton<IMongoClient>(new MongoClient(settings));
        services.AddOutbox(o =>
        {
            o.UseMongoDb();
            o.UseKafka();
            o.RelayEnabled = false;
            o.Topic("orders", t => t.Message<OrderWritten>());
        });
        services.AddHostedService<Writer>();
    }

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        await outbox.ExecuteAsync(
            async (tx, token) =>
            {
                await database.GetCollection<BsonDocument>("orders").UpdateOneAsync(
                    tx.Session, new BsonDocument("_id", "o-1"), new BsonDocument("$inc", new BsonDocument("written", 1)), new UpdateOptions { IsUpsert = true }, token);
                tx.Publish(new OrderWritten("o-1"), "o-1");
            },
            stoppingToken);
        Console.WriteLine("committed");
    }

    private static void Watch(MongoDB.Driver.Core.Configuration.ClusterBuilder cluster, string command)
    {
        var halted = 0;
        var names = new Dictionary<int, string>();
        cluster.Subscribe<CommandStartedEvent>(started =>
        {
            var name = $"{started.CommandName} {started.Command.GetValue(0)}";
            names[started.RequestId] = name;
            if (started.CommandName == command && Interlocked.Exchange(ref halted, 1) == 0)
            {
                Halt();
            }
        });
        cluster.Subscribe<CommandSucceededEvent>(succeeded =>
        {
            if (names.GetValueOrDefault(succeeded.RequestId) == command && Interlocked.Exchange(ref halted, 1) == 0)
            {
                Halt();
            }
        });
    }

    private static void Halt()
    {
        Console.WriteLine("at");
        Console.ReadLine();
    }

    private sealed record OrderWritten(string OrderId);
}
