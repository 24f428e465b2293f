using System.Diagnostics.Metrics;
using System.Text.RegularExpressions;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.Extensions.DependencyInjection;
using OpenTelemetry.Metrics;

namespace Outbox.Examples.Tests.Telemetry;

/// <summary>What Prometheus reads of instruments: the exporter itself is asked, with one measurement of each.</summary>
internal static partial class PrometheusNames
{
    public static async Task<IReadOnlySet<string>> OfAsync(IEnumerable<Instrument> instruments)
    {
        var builder = WebApplication.CreateSlimBuilder(["--Urls=http://127.0.0.1:0"]);
        builder.Services.AddOpenTelemetry().WithMetrics(metrics => metrics.AddMeter("Copies").AddPrometheusExporter());
        await using var app = builder.Build();
        app.MapPrometheusScrapingEndpoint();
        await app.StartAsync();
        using var meter = new Meter("Copies");
        foreach (var instrument in instruments)
        {
            Measure(meter, instrument);
        }

        using var http = new HttpClient { BaseAddress = new Uri(app.Services.GetRequiredService<IServer>().Features.Get<IServerAddressesFeature>()!.Addresses.First()) };
        var text = await http.GetStringAsync("/metrics");
        await app.StopAsync();
        return Series().Matches(text).Select(match => match.Groups["name"].Value).ToHashSet();
    }

    private static void Measure(Meter meter, Instrument instrument)
    {
        switch (Instruments.KindOf(instrument))
        {
            case "counter":
                meter.CreateCounter<long>(instrument.Name, instrument.Unit).Add(1);
                break;
            case "histogram":
                meter.CreateHistogram<double>(instrument.Name, instrument.Unit).Record(1);
                break;
            default:
                meter.CreateObservableGauge(instrument.Name, () => 1.0, instrument.Unit);
                break;
        }
    }

    [GeneratedRegex(@"^(?<name>[a-z][a-z0-9_]*)[{ ]", RegexOptions.Multiline)]
    private static partial Regex Series();
}
