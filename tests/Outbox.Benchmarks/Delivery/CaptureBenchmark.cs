using Microsoft.Extensions.DependencyInjection;
using MongoDB.Bson;
using MongoDB.Driver;
using Outbox.Benchmarks.Embedded;
using Outbox.Benchmarks.Servers;
using Outbox.Capture;

namespace Outbox.Benchmarks.Delivery;

/// What a message costs its transaction: a document and a message through the framework, against the same transaction of the bare driver with one more insert.
internal static class CaptureBenchmark
{
    private const int Clients = 16;
    private const int Rounds = 5;
    private static readonly TimeSpan Duration = TimeSpan.FromSeconds(3);

    public static async Task<Figures> RunAsync(string[] args)
    {
        var figures = new Figures();
        using var servers = await BenchmarkServers.StartAsync();
        var topic = await servers.CreateTopicAsync(4);
        await using var service = await FrameworkService.StartAsync(
            servers.MongoDb, servers.Kafka, $"benchmark_{Guid.NewGuid():N}", o =>
            {
                o.RelayEnabled = false;
                o.Topic(topic, t => t.Message<OrderChanged>());
            });
        var outbox = service.Services.GetRequiredService<IOutbox>();
        await Throughput.RunAsync(Clients, 2_000, _ => RawAsync(service.Database));
        await Throughput.RunAsync(Clients, 2_000, _ => FrameworkAsync(outbox, service.Database));

        var raw = new List<double>();
        var framework = new List<double>();
        for (var round = 0; round < Rounds; round++)
        {
            raw.Add(await Throughput.MeasureAsync(Clients, Duration, _ => RawAsync(service.Database)));
            framework.Add(await Throughput.MeasureAsync(Clients, Duration, _ => FrameworkAsync(outbox, service.Database)));
        }

        var (rawRate, frameworkRate) = (raw.Order().ElementAt(Rounds / 2), framework.Order().ElementAt(Rounds / 2));
        Figures.Note("capture.raw", rawRate, "transactions/s");
        Figures.Note("capture.framework", frameworkRate, "transactions/s");
        figures.RatioAtMost("capture.time_to_raw", rawRate / frameworkRate, 1.25);
        return figures;
    }

    private static async Task RawAsync(IMongoDatabase database)
    {
        using var session = await database.Client.StartSessionAsync();
        await session.WithTransactionAsync(
            async (handle, token) =>
            {
                await database.GetCollection<BsonDocument>("orders").InsertOneAsync(handle, Order(), cancellationToken: token);
                await database.GetCollection<BsonDocument>("notes").InsertOneAsync(handle, Order(), cancellationToken: token);
                return true;
            },
            new TransactionOptions(ReadConcern.Snapshot, ReadPreference.Primary, WriteConcern.WMajority));
    }

    private static Task FrameworkAsync(IOutbox outbox, IMongoDatabase database)
    {
        var order = Order();
        return outbox.ExecuteAsync(async (tx, token) =>
        {
            await database.GetCollection<BsonDocument>("orders").InsertOneAsync(tx.Session, order, cancellationToken: token);
            tx.Publish(new OrderChanged(order["_id"].AsString, order["note"].AsString), order["_id"].AsString, 1);
        });
    }

    private static BsonDocument Order() => new() { { "_id", Guid.CreateVersion7().ToString() }, { "note", new string('x', 200) }, { "at", new BsonDateTime(0) } };

    internal sealed record OrderChanged(string OrderId, string Note);
}
