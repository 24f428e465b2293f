using Microsoft.Extensions.DependencyInjection;
using MongoDB.Bson;
using MongoDB.Driver;
using Outbox.Benchmarks.Embedded;
using Outbox.Benchmarks.Servers;
using Outbox.Capture;

namespace Outbox.Benchmarks.Delivery;

/// What a message costs its transaction, in each wire format: a document and a message through the framework, against the same transaction of the bare driver with one more insert.
internal static class CaptureBenchmark
{
    private const int Clients = 16;
    private const int Rounds = 25;

    /// Short turns in changing order, and ratios within a round, so that what else the machine does meets all of them.
    private static readonly TimeSpan Slice = TimeSpan.FromMilliseconds(500);

    public static async Task<Figures> RunAsync(string[] args)
    {
        var figures = new Figures();
        using var servers = await BenchmarkServers.StartAsync();
        var services = new Dictionary<MessageFormat, FrameworkService>();
        foreach (var format in Enum.GetValues<MessageFormat>().Where(format => format != MessageFormat.Custom))
        {
            services[format] = await StartAsync(servers, format);
        }

        var database = services[MessageFormat.Envelope].Database;
        var raw = new List<double>();
        var framework = services.Keys.ToDictionary(format => format, _ => new List<double>());
        await Throughput.RunAsync(Clients, 2_000, _ => RawAsync(database));
        for (var round = 0; round < Rounds; round++)
        {
            raw.Add(await Throughput.MeasureAsync(Clients, Slice, _ => RawAsync(database)));
            foreach (var format in framework.Keys.Index().OrderBy(x => (x.Index + round) % framework.Count).Select(x => x.Item))
            {
                var outbox = services[format].Services.GetRequiredService<IOutbox>();
                framework[format].Add(await Throughput.MeasureAsync(Clients, Slice, _ => FrameworkAsync(outbox, services[format].Database)));
            }
        }

        foreach (var service in services.Values)
        {
            await service.DisposeAsync();
        }

        Report(figures, raw, framework);
        return figures;
    }

    private static void Report(Figures figures, List<double> raw, Dictionary<MessageFormat, List<double>> rates)
    {
        var envelope = rates[MessageFormat.Envelope];
        Figures.Note("capture.raw", Median(raw), "transactions/s");
        Figures.Note("capture.framework", Median(envelope), "transactions/s");
        figures.RatioAtMost("capture.time_to_raw", Median(raw.Zip(envelope, (one, other) => one / other)), 1.25);
        foreach (var (format, rate) in rates.Where(x => x.Key != MessageFormat.Envelope))
        {
            Figures.Note($"capture.{format}", Median(rate), "transactions/s");
            figures.RatioAtLeast($"capture.{format}_to_envelope", Median(rate.Zip(envelope, (one, other) => one / other)), 0.9);
        }
    }

    private static async Task<FrameworkService> StartAsync(BenchmarkServers servers, MessageFormat format)
    {
        var topic = await servers.CreateTopicAsync(4);
        var service = await FrameworkService.StartAsync(servers.MongoDb, servers.Kafka, $"benchmark_{Guid.NewGuid():N}", o =>
        {
            o.RelayEnabled = false;
            o.Topic(topic, t =>
            {
                t.Format = format;
                t.Message<OrderChanged>();
            });
        });
        var outbox = service.Services.GetRequiredService<IOutbox>();
        await Throughput.RunAsync(Clients, 2_000, _ => FrameworkAsync(outbox, service.Database));
        return service;
    }

    private static double Median(IEnumerable<double> values) => values.Order().ElementAt(Rounds / 2);

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
