using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using MongoDB.Bson;
using MongoDB.Driver;
using Outbox.Capture;

namespace Outbox.RelayHost;

/// <summary>
/// Writes one order and its message, whose version is counted, in one transaction, in which it halts. In the end it writes "committed".
/// </summary>
internal sealed class Writer(IOutbox outbox, IMongoDatabase database) : BackgroundService
{
    public static void Add(IServiceCollection services, string command)
    {
        HaltAtCommand.Set(services, command);
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

    private sealed record OrderWritten(string OrderId);
}
