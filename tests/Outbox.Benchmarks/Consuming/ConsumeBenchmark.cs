using System.Globalization;
using MongoDB.Driver;
using Outbox.Benchmarks.Servers;

namespace Outbox.Benchmarks.Consuming;

/// What consuming costs, one by one and in batches, against loops of the bare drivers on the same servers in the same run.
internal static class ConsumeBenchmark
{
    private const int Batch = 500;

    public static async Task<Figures> RunAsync(string[] args)
    {
        var count = args.Length > 0 ? int.Parse(args[0], CultureInfo.InvariantCulture) : 50_000;
        var figures = new Figures();
        using var servers = await BenchmarkServers.StartAsync();
        await RawAsync(servers, 2_000, 1);
        await FrameworkAsync(servers, 2_000, 1);

        var raw = await RawAsync(servers, count, 1);
        var rawBatch = await RawAsync(servers, count, Batch);
        var (one, growth) = await FrameworkAsync(servers, count, 1);
        var (batch, batchGrowth) = await FrameworkAsync(servers, count, Batch);

        Figures.Note("consume.raw", raw, "messages/s");
        Figures.Note("consume.raw_batch", rawBatch, "messages/s");
        Figures.Note("consume.framework", one, "messages/s");
        Figures.Note("consume.framework_batch", batch, "messages/s");
        figures.RatioAtLeast("consume.framework_to_raw", one / raw, 0.8);
        figures.RatioAtLeast("consume.framework_batch_to_raw_batch", batch / rawBatch, 0.7);
        figures.RatioAtLeast("consume.framework_batch_to_one", batch / one, 5);
        figures.AtMost("consume.working_set_growth_mb", Math.Max(growth, batchGrowth) / 1048576.0, 128);
        return figures;
    }

    private static async Task<double> RawAsync(BenchmarkServers servers, int count, int batch)
    {
        var (database, topic) = await FillAsync(servers, count);
        await database.CreateCollectionAsync("inbox");
        var rate = await RawConsumer.DrainAsync(database, servers.Kafka, topic, count, batch);
        await database.Client.DropDatabaseAsync(database.DatabaseNamespace.DatabaseName);
        return rate;
    }

    private static async Task<(double Rate, long Growth)> FrameworkAsync(BenchmarkServers servers, int count, int batch)
    {
        var (database, topic) = await FillAsync(servers, count);
        var result = await FrameworkConsumer.DrainAsync(servers, database, topic, count, batch);
        await database.Client.DropDatabaseAsync(database.DatabaseNamespace.DatabaseName);
        return result;
    }

    private static async Task<(IMongoDatabase Database, string Topic)> FillAsync(BenchmarkServers servers, int count)
    {
        var topic = await servers.CreateTopicAsync(64);
        Feed.Fill(servers.Kafka, topic, count);
        var database = new MongoClient(servers.MongoDb).GetDatabase($"benchmark_{Guid.NewGuid():N}");
        await database.CreateCollectionAsync("views");
        return (database, topic);
    }
}
