using System.Globalization;
using System.Runtime;
using MongoDB.Driver;
using Outbox.Benchmarks.Servers;

namespace Outbox.Benchmarks.Consuming;

/// What consuming costs, one by one and in batches, against loops of the bare drivers on the same servers in the same run. A second argument runs that contestant alone.
internal static class ConsumeBenchmark
{
    private const int Batch = 500;
    private const int Warmup = 20_000;
    private const int Rounds = 9;

    /// A batch's messages are done several times as fast, and a few seconds of them say little.
    private const int BatchesTimes = 4;

    private static readonly Dictionary<string, (Contestant Drain, int Batch)> Contestants = new()
    {
        ["raw"] = (RawConsumer.DrainAsync, 1),
        ["framework"] = (FrameworkConsumer.DrainAsync, 1),
        ["raw_batch"] = (RawConsumer.DrainAsync, Batch),
        ["framework_batch"] = (FrameworkConsumer.DrainAsync, Batch),
    };

    private delegate Task<Cost> Contestant(BenchmarkServers servers, IMongoDatabase database, string topic, int count, int batch);

    public static async Task<Figures> RunAsync(string[] args)
    {
        var count = args.Length > 0 ? int.Parse(args[0], CultureInfo.InvariantCulture) : 30_000;
        var names = args.Length > 1 ? args[1..] : [.. Contestants.Keys];
        using var servers = await BenchmarkServers.StartAsync();
        foreach (var name in names.Concat(names).Concat(names))
        {
            await MeasureAsync(servers, name, Warmup);
            await CompiledAsync();
        }

        var costs = names.ToDictionary(name => name, _ => new List<Cost>());
        for (var round = 0; round < Rounds; round++)
        {
            // What comes first in one round comes last in the next: the machine changes meanwhile.
            foreach (var name in round % 2 == 0 ? names : [.. names.Reverse()])
            {
                costs[name].Add(await MeasureAsync(servers, name, Contestants[name].Batch > 1 ? count * BatchesTimes : count));
                costs[name][^1].Note($"consume.{name}");
            }
        }

        var figures = new Figures();
        if (names.Length == Contestants.Count)
        {
            figures.RatioAtLeast("consume.framework_to_raw", Median(costs, "framework", "raw"), 0.8);
            figures.RatioAtLeast("consume.framework_batch_to_raw_batch", Median(costs, "framework_batch", "raw_batch"), 0.7);
            figures.RatioAtLeast("consume.framework_batch_to_one", Median(costs, "framework_batch", "framework"), 5);
            figures.AtMost("consume.working_set_growth_mb", costs["framework"].Concat(costs["framework_batch"]).Max(cost => cost.Growth) / 1048576.0, 128);
        }

        return figures;
    }

    /// Each round is compared with itself: what else the machine does changes from one to the next.
    private static double Median(Dictionary<string, List<Cost>> costs, string name, string other) =>
        costs[name].Zip(costs[other], (one, beside) => one.Rate / beside.Rate).Order().ElementAt(Rounds / 2);

    /// What is compiled while it is measured is compiled once in a service's life.
    private static async Task CompiledAsync()
    {
        var before = -1L;
        while (JitInfo.GetCompiledMethodCount() is var now && now != before)
        {
            before = now;
            await Task.Delay(TimeSpan.FromMilliseconds(500));
        }
    }

    private static async Task<Cost> MeasureAsync(BenchmarkServers servers, string name, int count)
    {
        var (drain, batch) = Contestants[name];
        var topic = await servers.CreateTopicAsync(64);
        Feed.Fill(servers.Kafka, topic, count);
        var database = new MongoClient(servers.MongoDb).GetDatabase($"benchmark_{Guid.NewGuid():N}");
        await database.CreateCollectionAsync("views");
        GC.Collect();
        var cost = await drain(servers, database, topic, count, batch);
        await database.Client.DropDatabaseAsync(database.DatabaseNamespace.DatabaseName);
        return cost;
    }
}
