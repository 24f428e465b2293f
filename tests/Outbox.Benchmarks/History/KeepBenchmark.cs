using System.Diagnostics;
using System.Text.Json;
using Microsoft.Extensions.DependencyInjection;
using MongoDB.Bson;
using MongoDB.Driver;
using Outbox.Benchmarks.Delivery;
using Outbox.Benchmarks.Embedded;
using Outbox.Benchmarks.Servers;
using Outbox.Capture;
using Outbox.History;
using Outbox.History.Storing;
using Outbox.Messages;

namespace Outbox.Benchmarks.History;

/// What it costs to save an event, and to fold many, against the bare driver with the same reads and writes on the same server in the same run.
internal static class KeepBenchmark
{
    private const int Clients = 16;
    private const int Rounds = 15;
    private const int Events = 20_000;

    private static readonly TimeSpan Slice = TimeSpan.FromMilliseconds(500);
    private static readonly TransactionOptions Options = new(ReadConcern.Snapshot, ReadPreference.Primary, WriteConcern.WMajority);

    public static async Task MeasureAsync(BenchmarkServers servers, Figures figures)
    {
        var topic = await servers.CreateTopicAsync(4);
        await using var service = await FrameworkService.StartAsync(servers.MongoDb, servers.Kafka, $"benchmark_{Guid.NewGuid():N}", o =>
        {
            o.RelayEnabled = false;
            o.Topic(topic, t =>
            {
                t.EntityType = "counter";
                t.Message<CounterStarted>();
                t.Message<Counted>();
                t.KeepHistory(h => h.Aggregate<Counter>());
            });
        });
        await SaveAsync(service, figures);
        await FoldAsync(service, figures);
    }

    private static async Task SaveAsync(FrameworkService service, Figures figures)
    {
        var outbox = service.Services.GetRequiredService<IOutbox>();
        var (raw, framework) = (new List<double>(), new List<double>());
        await Throughput.RunAsync(Clients, 2_000, _ => SaveAsync(outbox));
        await Throughput.RunAsync(Clients, 2_000, _ => SaveRawAsync(service.Database));
        for (var round = 0; round < Rounds; round++)
        {
            raw.Add(await Throughput.MeasureAsync(Clients, Slice, _ => SaveRawAsync(service.Database)));
            framework.Add(await Throughput.MeasureAsync(Clients, Slice, _ => SaveAsync(outbox)));
        }

        Figures.Note("history.raw_save", Median(raw), "transactions/s");
        Figures.Note("history.save", Median(framework), "transactions/s");
        figures.RatioAtMost("history.save_time_to_raw", Median(raw.Zip(framework, (one, other) => one / other)), 1.25);
    }

    private static async Task FoldAsync(FrameworkService service, Figures figures)
    {
        var outbox = service.Services.GetRequiredService<IOutbox>();
        await outbox.ExecuteAsync((tx, ct) => tx.SaveAsync(new Counter("many"), ct));
        for (var n = 0; n < Events; n += 1_000)
        {
            await outbox.ExecuteAsync((tx, ct) => tx.AppendAsync<Counter>("many", Expected.Any, Enumerable.Range(0, 1_000).Select(by => new Counted("many", by, Counter.Note)), ct));
        }

        var history = service.Services.GetRequiredService<IHistory>();
        var store = service.Services.GetRequiredService<IHistoryStore>();
        var documents = service.Database.WithReadConcern(ReadConcern.Majority).GetCollection<BsonDocument>("history");
        var (cursor, json, read, fold) = (new List<double>(), new List<double>(), new List<double>(), new List<double>());
        for (var round = 0; round < Rounds; round++)
        {
            cursor.Add(await RateAsync(() => CursorAsync(documents, _ => { })));
            read.Add(await RateAsync(async () => await store.ReadAsync(new Entity("counter", "many"), 1, long.MaxValue, CancellationToken.None).CountAsync()));
            json.Add(await RateAsync(() => CursorAsync(documents, document => JsonSerializer.Deserialize<Counted>(document["payload"].AsString, JsonSerializerOptions.Web))));
            fold.Add(await RateAsync(async () => (int)(await history.LoadAsync<Counter>("many")).Version));
        }

        Figures.Note("history.raw_cursor", Median(cursor), "events/s");
        Figures.Note("history.raw_cursor_json", Median(json), "events/s");
        Figures.Note("history.read", Median(read), "events/s");
        Figures.Note("history.fold", Median(fold), "events/s");
        figures.RatioAtLeast("history.read_to_raw_cursor", MedianRatio(read, cursor), 0.85);
        figures.RatioAtLeast("history.fold_to_raw_cursor", MedianRatio(fold, cursor), 0.5);
        figures.RatioAtLeast("history.fold_to_raw_cursor_json", MedianRatio(fold, json), 0.5);
    }

    private static async Task<double> RateAsync(Func<Task<int>> run)
    {
        var started = Stopwatch.GetTimestamp();
        return await run() / Stopwatch.GetElapsedTime(started).TotalSeconds;
    }

    private static async Task<int> CursorAsync(IMongoCollection<BsonDocument> documents, Action<BsonDocument> each)
    {
        var all = new BsonDocument("_id", new BsonDocument
        {
            { "$gte", new BsonDocument { { "entityType", "counter" }, { "entityId", "many" }, { "version", 1L } } },
            { "$lte", new BsonDocument { { "entityType", "counter" }, { "entityId", "many" }, { "version", long.MaxValue } } },
        });
        var count = 0;
        using var cursor = await documents.Find(all).Sort(new BsonDocument("_id", 1)).ToCursorAsync();
        while (await cursor.MoveNextAsync())
        {
            foreach (var document in cursor.Current)
            {
                each(document);
                count++;
            }
        }

        return count;
    }

    /// A new entity with two events.
    private static Task SaveAsync(IOutbox outbox) => outbox.ExecuteAsync((tx, ct) =>
    {
        var counter = new Counter(Guid.CreateVersion7().ToString());
        counter.Count(5);
        return tx.SaveAsync(counter, ct);
    });

    /// The same look at the entity's last version and the same two writes.
    private static async Task SaveRawAsync(IMongoDatabase database)
    {
        var id = Guid.CreateVersion7().ToString();
        using var session = await database.Client.StartSessionAsync();
        await session.WithTransactionAsync(
            async (handle, token) =>
            {
                var events = database.GetCollection<BsonDocument>("raw_history");
                var range = new BsonDocument("_id", new BsonDocument
                {
                    { "$gt", new BsonDocument { { "entityType", "counter" }, { "entityId", id }, { "version", BsonMinKey.Value } } },
                    { "$lt", new BsonDocument { { "entityType", "counter" }, { "entityId", id }, { "version", BsonMaxKey.Value } } },
                });
                await events.Find(handle, range).Sort(new BsonDocument("_id", -1)).Limit(1).AnyAsync(token);
                await events.InsertManyAsync(handle, [Event(id, 1), Event(id, 2)], cancellationToken: token);
                await database.GetCollection<BsonDocument>("raw_outbox").InsertManyAsync(handle, [Message(id, 1), Message(id, 2)], cancellationToken: token);
                return true;
            },
            Options);
    }

    private static BsonDocument Event(string id, long version) => Fields(new BsonDocument { { "_id", new BsonDocument { { "entityType", "counter" }, { "entityId", id }, { "version", version } } } }, id);

    private static BsonDocument Message(string id, long version) => Fields(new BsonDocument { { "_id", Guid.CreateVersion7().ToString() }, { "entityId", id }, { "version", version } }, id);

    private static BsonDocument Fields(BsonDocument document, string id) => document.AddRange(new BsonDocument
    {
        { "messageId", Guid.CreateVersion7().ToString() },
        { "topic", "counters" },
        { "type", "counted" },
        { "schemaVersion", 1 },
        { "payload", JsonSerializer.Serialize(new Counted(id, 5, Counter.Note), JsonSerializerOptions.Web) },
        { "headers", new BsonDocument("correlationId", id) },
        { "timestamp", DateTime.UtcNow },
    });

    private static double Median(IEnumerable<double> values) => values.Order().ElementAt(Rounds / 2);

    private static double MedianRatio(List<double> values, List<double> toOnes) => Median(values.Zip(toOnes, (value, one) => value / one));
}
