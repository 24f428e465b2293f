using System.Diagnostics;
using System.Text.Json;
using Microsoft.Extensions.DependencyInjection;
using MongoDB.Bson;
using MongoDB.Driver;
using Outbox.Benchmarks.Delivery;
using Outbox.Benchmarks.Servers;
using Outbox.History.Projecting;
using Outbox.Messages;
using Outbox.MongoDb.History;

namespace Outbox.Benchmarks.History;

/// How fast a read model is built again from a long history, against a loop over the bare driver that reads and writes the same in the same transactions, and what it takes of memory.
internal static class ProjectBenchmark
{
    private const int PerEntity = 10;

    public static async Task MeasureAsync(BenchmarkServers servers, Figures figures, int events)
    {
        var topic = await servers.CreateTopicAsync(4);
        var list = new CounterList();
        await using var service = await FrameworkService.StartAsync(servers.MongoDb, servers.Kafka, $"benchmark_{Guid.NewGuid():N}", o =>
        {
            o.RelayEnabled = false;
            o.Topic(topic, t =>
            {
                t.EntityType = "counter";
                t.Message<CounterStarted>();
                t.Message<Counted>();
                t.KeepHistory();
            });
            o.Projection(list);
        });
        var projections = service.Services.GetRequiredService<IProjections>();
        await UntilAsync(projections, status => status.IsActive);
        await FillAsync(service.Database, topic, events);

        var sample = Math.Min(events, 100_000);
        var raw = new RawRebuild(service.Database);
        var before = await raw.RunAsync(sample);
        var (rate, growth) = await RebuildAsync(service, list, events);
        var after = await raw.RunAsync(sample);

        Figures.Note("history.raw_rebuild", (before + after) / 2, "events/s");
        Figures.Note("history.rebuild", rate, "events/s");
        figures.RatioAtLeast("history.rebuild_to_raw", rate * 2 / (before + after), 0.7);
        figures.AtMost("history.rebuild_working_set_growth_mb", growth / 1048576.0, 64);
    }

    /// From the first page that is seen to the last.
    private static async Task<(double Rate, long Growth)> RebuildAsync(FrameworkService service, CounterList list, int events)
    {
        GC.Collect();
        var before = Environment.WorkingSet;
        var most = before;
        await service.Services.GetRequiredService<IProjections>().RebuildAsync(list.Name, "benchmark");
        var build = service.Database.GetCollection<BsonDocument>("projections").Find(new BsonDocument("_id", $"{list.Name}.v1.r1"));
        var (first, started) = (0L, 0L);
        for (var isScanned = false; !isScanned; await Task.Delay(first == 0 ? 5 : 50))
        {
            var document = await build.SingleAsync();
            most = Math.Max(most, Environment.WorkingSet);
            isScanned = document["scanned"].AsBoolean;
            if (first == 0 && document["read"].ToInt64() > 0)
            {
                (first, started) = (document["read"].ToInt64(), Stopwatch.GetTimestamp());
            }
        }

        return ((events - first) / Stopwatch.GetElapsedTime(started).TotalSeconds, most - before);
    }

    public static async Task UntilAsync(IProjections projections, Func<ProjectionStatus, bool> condition)
    {
        while (!(await projections.StatusAsync()).Any(condition))
        {
            await Task.Delay(50);
        }
    }

    public static async Task FillAsync(IMongoDatabase database, string topic, int events)
    {
        var history = database.GetCollection<BsonDocument>("history");
        foreach (var chunk in Enumerable.Range(0, events).Chunk(5_000))
        {
            await history.InsertManyAsync(chunk.Select(n => HistoryDocument.Of(EventOf(n, topic))));
        }
    }

    private static OutboxMessage EventOf(int n, string topic)
    {
        var (id, version) = ($"counter-{n / PerEntity:0000000}", (n % PerEntity) + 1);
        return new OutboxMessage
        {
            MessageId = Guid.CreateVersion7().ToString(),
            Lane = 0,
            Topic = topic,
            EntityType = "counter",
            EntityId = id,
            Version = version,
            Ordinal = 0,
            Intent = MessageIntent.Event,
            Type = version == 1 ? "counter-started" : "counted",
            Payload = version == 1
                ? JsonSerializer.Serialize(new CounterStarted(id, Counter.Note), JsonSerializerOptions.Web)
                : JsonSerializer.Serialize(new Counted(id, n % 7, Counter.Note), JsonSerializerOptions.Web),
            Headers = new Dictionary<string, string> { [MessageHeaders.CorrelationId] = id },
            Timestamp = DateTimeOffset.UtcNow,
        };
    }
}
