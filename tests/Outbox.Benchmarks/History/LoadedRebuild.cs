using System.Diagnostics;
using Microsoft.Extensions.DependencyInjection;
using MongoDB.Bson;
using MongoDB.Driver;
using Outbox.Benchmarks.Delivery;
using Outbox.Benchmarks.Servers;
using Outbox.Capture;
using Outbox.History;
using Outbox.History.Projecting;

namespace Outbox.Benchmarks.History;

/// A long history is read once more while the service goes on writing and publishing, 500 new entities a second: the rows are complete at the end, and the writers are not held up.
internal static class LoadedRebuild
{
    private const int PerSecond = 500;
    private static readonly TimeSpan Tick = TimeSpan.FromMilliseconds(20);

    public static async Task MeasureAsync(BenchmarkServers servers, Figures figures, int events)
    {
        var topic = await servers.CreateTopicAsync(4);
        var list = new CounterList();
        await using var service = await FrameworkService.StartAsync(servers.MongoDb, servers.Kafka, $"benchmark_{Guid.NewGuid():N}", o =>
        {
            o.Topic(topic, t =>
            {
                t.EntityType = "counter";
                t.Message<CounterStarted>();
                t.Message<Counted>();
                t.KeepHistory(h => h.Aggregate<Counter>());
            });
            o.Projection(list);
        });
        var projections = service.Services.GetRequiredService<IProjections>();
        await ProjectBenchmark.UntilAsync(projections, status => status.IsActive);
        await ProjectBenchmark.FillAsync(service.Database, topic, events);

        var alone = await WriteAsync(service, TimeSpan.FromSeconds(10), CancellationToken.None);
        using var done = new CancellationTokenSource();
        await projections.RebuildAsync(list.Name, "benchmark");
        var started = Stopwatch.GetTimestamp();
        var writing = WriteAsync(service, Timeout.InfiniteTimeSpan, done.Token);
        await ProjectBenchmark.UntilAsync(projections, status => status.IsActive && status.Endpoint.EndsWith(".r1", StringComparison.Ordinal));
        var seconds = Stopwatch.GetElapsedTime(started).TotalSeconds;
        await done.CancelAsync();
        var during = await writing;

        Figures.Note("history.loaded_rebuild", events / seconds, "events/s, from the request until readers have the new rows");
        Figures.Note("history.writes_alone", alone.Rate, "transactions/s");
        Figures.Note("history.writes_during_rebuild", during.Rate, "transactions/s");
        figures.RatioAtLeast("history.writes_during_rebuild_to_asked", during.Rate / PerSecond, 0.95);
        figures.AtMost("history.rows_missing_after_rebuild", await MissingAsync(service.Database, $"{list.Name}.v1.r1"), 0);
    }

    private static async Task<(double Rate, long Count)> WriteAsync(FrameworkService service, TimeSpan duration, CancellationToken ended)
    {
        var outbox = service.Services.GetRequiredService<IOutbox>();
        var started = Stopwatch.GetTimestamp();
        var (begun, open) = (0L, new List<Task>());
        while (!ended.IsCancellationRequested && (duration == Timeout.InfiniteTimeSpan || Stopwatch.GetElapsedTime(started) < duration))
        {
            for (var due = (long)(Stopwatch.GetElapsedTime(started).TotalSeconds * PerSecond); begun < due; begun++)
            {
                open.Add(SaveAsync(outbox));
            }

            open.RemoveAll(task => task.IsCompletedSuccessfully);
            await Task.Delay(Tick, CancellationToken.None);
        }

        await Task.WhenAll(open);
        return (begun / Stopwatch.GetElapsedTime(started).TotalSeconds, begun);
    }

    private static Task SaveAsync(IOutbox outbox) => outbox.ExecuteAsync((tx, ct) =>
    {
        var counter = new Counter($"new-{Guid.CreateVersion7()}");
        counter.Count(5);
        return tx.SaveAsync(counter, ct);
    });

    /// What was written last may still be on its way.
    private static async Task<long> MissingAsync(IMongoDatabase database, string rows)
    {
        var deadline = Stopwatch.StartNew();
        while (true)
        {
            var entities = await database.GetCollection<BsonDocument>("history").CountDocumentsAsync(new BsonDocument("_id.version", 1));
            var missing = entities - await database.GetCollection<BsonDocument>(rows).CountDocumentsAsync(new BsonDocument());
            if (missing == 0 || deadline.Elapsed.TotalSeconds > 60)
            {
                return Math.Abs(missing);
            }

            await Task.Delay(500);
        }
    }
}
