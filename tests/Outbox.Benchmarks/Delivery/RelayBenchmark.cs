using MongoDB.Driver;
using Outbox.Benchmarks.Servers;

namespace Outbox.Benchmarks.Delivery;

/// How fast the relay drains a backlog, against a loop of the bare drivers on the same servers in the same run.
internal static class RelayBenchmark
{
    private const int Messages = 100_000;
    private const int Rounds = 3;

    public static async Task<Figures> RunAsync(string[] args)
    {
        var figures = new Figures();
        using var servers = await BenchmarkServers.StartAsync();
        await RawAsync(servers, 20_000);
        await FrameworkAsync(servers, 20_000);

        var raw = new List<double>();
        var framework = new List<double>();
        var two = new List<double>();
        var growth = 0L;
        for (var round = 0; round < Rounds; round++)
        {
            raw.Add(await RawAsync(servers, Messages));
            var one = await FrameworkAsync(servers, Messages);
            framework.Add(one.Rate);
            growth = Math.Max(growth, one.Growth);
            two.Add((await FrameworkAsync(servers, Messages, relays: 2)).Rate);
        }

        var small = await MedianOfFiveAsync(async () => (await FrameworkAsync(servers, 10_000)).Rate);
        var large = await FrameworkAsync(servers, 500_000);
        var rawSmall = await MedianOfFiveAsync(() => RawAsync(servers, 10_000));
        var rawLarge = await RawAsync(servers, 500_000);
        growth = Math.Max(growth, large.Growth);

        Figures.Note("relay.raw", Median(raw), "messages/s");
        Figures.Note("relay.framework", Median(framework), "messages/s");
        Figures.Note("relay.two_relays", Median(two), "messages/s");
        Figures.Note("relay.backlog_10000", small, "messages/s");
        Figures.Note("relay.backlog_500000", large.Rate, "messages/s");
        Figures.Note("relay.raw_backlog_10000", rawSmall, "messages/s");
        Figures.Note("relay.raw_backlog_500000", rawLarge, "messages/s");
        figures.RatioAtLeast("relay.framework_to_raw", Median(framework) / Median(raw), 0.85);
        figures.RatioAtLeast("relay.backlog_500000_to_10000", large.Rate / small, 0.9);
        figures.RatioAtLeast("relay.two_relays_to_one", Median(two) / Median(framework), 0.95);
        figures.AtMost("relay.working_set_growth_mb", growth / 1048576.0, 64);
        return figures;
    }

    private static async Task<double> MedianOfFiveAsync(Func<Task<double>> measure)
    {
        var rates = new List<double>();
        for (var i = 0; i < 5; i++)
        {
            rates.Add(await measure());
        }

        return Median(rates);
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

    private static double Median(List<double> values) => values.Order().ElementAt(values.Count / 2);
}
