using System.Globalization;
using Outbox.Benchmarks.Servers;

namespace Outbox.Benchmarks.History;

/// What history costs and gives.
internal static class HistoryBenchmark
{
    public static async Task<Figures> RunAsync(string[] args)
    {
        var figures = new Figures();
        using var servers = await BenchmarkServers.StartAsync();
        await KeepBenchmark.MeasureAsync(servers, figures);
        var events = args is [var given, ..] ? int.Parse(given, CultureInfo.InvariantCulture) : 1_000_000;
        await ProjectBenchmark.MeasureAsync(servers, figures, events);
        await LoadedRebuild.MeasureAsync(servers, figures, events);
        return figures;
    }
}
