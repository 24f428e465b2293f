using MongoDB.Driver;
using Outbox.Benchmarks.Servers;

namespace Outbox.Benchmarks.Delivery;

/// How fast the relay drains a backlog, against a loop of the bare drivers on the same servers in the same run.
internal static class RelayBenchmark
{
    private const int Messages = 100_000;
    private const int Rounds = 5;

    /// Enough that the second service's start counts little.
    private const int Shared = 200_000;

    public static async Task<Figures> RunAsync(string[] args)
    {
        var figures = new Figures();
        using var servers = await BenchmarkServers.StartAsync();
        await RawAsync(servers, 20_000);
        await FrameworkAsync(servers, 20_000);

        var (raw, framework) = (new List<double>(), new List<double>());
        var (one, two) = (new List<double>(), new List<double>());
        var (rawSmall, small) = (new List<double>(), new List<double>());
        var growth = 0L;
        for (var round = 0; round < Rounds; round++)
        {
            // Neighbours in time are compared.
            raw.Add(await RawAsync(servers, Messages));
            var drained = await FrameworkAsync(servers, Messages);
            framework.Add(drained.Rate);
            growth = Math.Max(growth, drained.Growth);
            // They take turns at being the first.
            var alone = round % 2 == 0;
            for (var turn = 0; turn < 2; turn++, alone = !alone)
            {
                (alone ? one : two).Add((await FrameworkAsync(servers, Shared, relays: alone ? 1 : 2)).Rate);
            }

            small.Add((await FrameworkAsync(servers, 10_000)).Rate);
            rawSmall.Add(await RawAsync(servers, 10_000));
        }

        var large = await FrameworkAsync(servers, 500_000);
        var rawLarge = await RawAsync(servers, 500_000);
        growth = Math.Max(growth, large.Growth);

        Figures.Note("relay.raw", Median(raw), "messages/s");
        Figures.Note("relay.framework", Median(framework), "messages/s");
        Figures.Note("relay.one_relay", Median(one), "messages/s");
        Figures.Note("relay.two_relays", Median(two), "messages/s");
        Figures.Note("relay.backlog_10000", Median(small), "messages/s");
        Figures.Note("relay.backlog_500000", large.Rate, "messages/s");
        Figures.Note("relay.raw_backlog_10000", Median(rawSmall), "messages/s");
        Figures.Note("relay.raw_backlog_500000", rawLarge, "messages/s");
        figures.RatioAtLeast("relay.framework_to_raw", MedianRatio(framework, raw), 0.85);
        figures.RatioAtLeast("relay.backlog_500000_to_10000", large.Rate / Median(small), 0.9);
        figures.RatioAtLeast("relay.two_relays_to_one", MedianRatio(two, one), 0.95);
        figures.AtMost("relay.working_set_growth_mb", growth / 1048576.0, 64);
        return figures;
    }

    private static async Task<double> RawAsync(BenchmarkServers servers, int count)
    {
        var (database, _) = await FillAsync(servers, count);
        var rate = await RawRelay.DrainAsync(database, servers.Kafka, count);
        await database.Client.DropDatabaseAsync(database.DatabaseNamespace.DatabaseName);
        return rate;
    }

    private static async Task<(double Rate, long Growth)> FrameworkAsync(BenchmarkServers servers, int count, int relays = 1)
    {
        var (database, _) = await FillAsync(servers, count);
        var result = await FrameworkRelay.DrainAsync(servers, database.DatabaseNamespace.DatabaseName, count, relays);
        await database.Client.DropDatabaseAsync(database.DatabaseNamespace.DatabaseName);
        return result;
    }

    private static async Task<(IMongoDatabase Database, string Topic)> FillAsync(BenchmarkServers servers, int count)
    {
        var topic = await servers.CreateTopicAsync(64);
        var database = new MongoClient(servers.MongoDb).GetDatabase($"benchmark_{Guid.NewGuid():N}");
        await Backlog.FillAsync(database, topic, count);
        return (database, topic);
    }

    private static double MedianRatio(List<double> values, List<double> toOnes) => Median([.. values.Zip(toOnes, (value, one) => value / one)]);

    private static double Median(List<double> values) => values.Order().ElementAt(values.Count / 2);
}
