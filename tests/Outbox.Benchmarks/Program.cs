using Outbox.Benchmarks;
using Outbox.Benchmarks.Consuming;
using Outbox.Benchmarks.Dashboard;
using Outbox.Benchmarks.Delivery;
using Outbox.Benchmarks.Embedded;
using Outbox.Benchmarks.History;

var benchmarks = new Dictionary<string, Func<string[], Task<Figures>>>
{
    ["embedded"] = EmbeddedBenchmark.RunAsync,
    ["relay"] = RelayBenchmark.RunAsync,
    ["formats"] = FormatBenchmark.RunAsync,
    ["latency"] = LatencyBenchmark.RunAsync,
    ["capture"] = CaptureBenchmark.RunAsync,
    ["consume"] = ConsumeBenchmark.RunAsync,
    ["dashboard"] = DashboardBenchmark.RunAsync,
    ["history"] = HistoryBenchmark.RunAsync,
};

if (args.Length == 0 || !benchmarks.TryGetValue(args[0], out var benchmark))
{
    await Console.Error.WriteLineAsync($"Usage: dotnet run --project tests/Outbox.Benchmarks -c Release -- {string.Join('|', benchmarks.Keys)}");
    return 2;
}

var figures = await benchmark(args[1..]);
return figures.AllPass ? 0 : 1;
