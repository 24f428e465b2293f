using System.Diagnostics;

namespace Outbox.Benchmarks.Servers;

/// The embedded servers as a process of their own, ended with this one.
internal sealed class EmbeddedProcess : IDisposable
{
    private const int Topics = 40;
    private readonly Process _process;
    private int _topics;

    private EmbeddedProcess(Process process, string mongoDb, string kafka)
    {
        _process = process;
        MongoDb = mongoDb;
        Kafka = kafka;
    }

    public string MongoDb { get; }

    public string Kafka { get; }

    public static async Task<EmbeddedProcess> StartAsync()
    {
        var topics = string.Join(',', Enumerable.Range(1, Topics).Select(n => $"benchmark-{n}:64"));
        var start = new ProcessStartInfo("dotnet", [Path.Combine(AppContext.BaseDirectory, "Outbox.Servers.dll"), "--kafka-topics", topics]) { RedirectStandardOutput = true };
        var process = Process.Start(start) ?? throw new InvalidOperationException("The embedded servers did not start.");
        string? mongoDb = null, kafka = null;
        while (mongoDb is null || kafka is null)
        {
            var line = await process.StandardOutput.ReadLineAsync().WaitAsync(TimeSpan.FromMinutes(1)) ?? throw new InvalidOperationException("The embedded servers ended at once.");
            mongoDb = line.StartsWith("MongoDB", StringComparison.Ordinal) ? line[7..].Trim() : mongoDb;
            kafka = line.StartsWith("Kafka", StringComparison.Ordinal) ? line[5..].Trim() : kafka;
        }

        return new EmbeddedProcess(process, mongoDb, kafka);
    }

    public TimeSpan ProcessorTime()
    {
        _process.Refresh();
        return _process.TotalProcessorTime;
    }

    public string NextTopic() => $"benchmark-{++_topics}";

    public void Dispose()
    {
        _process.Kill();
        _process.WaitForExit();
        _process.Dispose();
    }
}
