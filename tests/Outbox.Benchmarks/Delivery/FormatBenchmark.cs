using System.Diagnostics;
using MongoDB.Driver;
using Outbox.Benchmarks.Servers;
using Outbox.Kafka.Formats;
using Outbox.Kafka.Formats.Wire;
using Outbox.Messages;

namespace Outbox.Benchmarks.Delivery;

/// How fast the relay drains a backlog in each wire format, against the envelope in the same run; and what writing one message costs.
internal static class FormatBenchmark
{
    private const int Messages = 100_000;
    private const int Rounds = 3;

    public static async Task<Figures> RunAsync(string[] args)
    {
        var figures = new Figures();
        foreach (var format in Enum.GetValues<MessageFormat>().Where(format => format != MessageFormat.Custom))
        {
            Write(format, 200_000);
            var (nanoseconds, bytes) = Write(format, 500_000);
            Figures.Note($"formats.write.{format}", nanoseconds, "ns/message");
            Figures.Note($"formats.allocated.{format}", bytes, "bytes/message");
        }

        using var servers = await BenchmarkServers.StartAsync();
        await DrainAsync(servers, MessageFormat.Envelope, 20_000);
        var rates = Enum.GetValues<MessageFormat>().Where(format => format != MessageFormat.Custom).ToDictionary(format => format, _ => new List<double>());
        for (var round = 0; round < Rounds; round++)
        {
            foreach (var format in rates.Keys)
            {
                rates[format].Add(await DrainAsync(servers, format, Messages));
            }
        }

        foreach (var (format, measured) in rates)
        {
            Figures.Note($"formats.relay.{format}", Median(measured), "messages/s");
            figures.RatioAtLeast($"formats.{format}_to_envelope", Median(measured) / Median(rates[MessageFormat.Envelope]), 0.9);
        }

        return figures;
    }

    private static (double Nanoseconds, double Bytes) Write(MessageFormat format, int count)
    {
        var message = Backlog.Sample with { Format = format };
        var before = GC.GetAllocatedBytesForCurrentThread();
        var started = Stopwatch.GetTimestamp();
        for (var i = 0; i < count; i++)
        {
            WireFormats.Write(message);
        }

        return (Stopwatch.GetElapsedTime(started).TotalNanoseconds / count, (GC.GetAllocatedBytesForCurrentThread() - before) / (double)count);
    }

    private static async Task<double> DrainAsync(BenchmarkServers servers, MessageFormat format, int count)
    {
        var topic = await servers.CreateTopicAsync(64);
        var database = new MongoClient(servers.MongoDb).GetDatabase($"benchmark_{Guid.NewGuid():N}");
        await Backlog.FillAsync(database, topic, count, format);
        var (rate, _) = await FrameworkRelay.DrainAsync(servers, database.DatabaseNamespace.DatabaseName, count);
        await database.Client.DropDatabaseAsync(database.DatabaseNamespace.DatabaseName);
        return rate;
    }

    private static double Median(List<double> values) => values.Order().ElementAt(values.Count / 2);
}
