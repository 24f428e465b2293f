using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.DependencyInjection;
using OpenTelemetry;
using OpenTelemetry.Metrics;
using OpenTelemetry.Resources;
using OpenTelemetry.Trace;
using Outbox.Diagnostics;

namespace ServiceDefaults;

/// <summary>Metrics for Prometheus at <c>/metrics</c>; metrics and traces to a collector where <c>OTEL_EXPORTER_OTLP_ENDPOINT</c> names one.</summary>
internal static class Telemetry
{
    private const string Collector = "OTEL_EXPORTER_OTLP_ENDPOINT";

    public static void AddTelemetry(this WebApplicationBuilder builder)
    {
        // ASP.NET Core's own source and meter need no package. MassTransit's spans, AddSource("MassTransit"), would be below ours.
        var telemetry = builder.Services.AddOpenTelemetry()
            .ConfigureResource(resource => resource.AddService(builder.Environment.ApplicationName))
            .WithMetrics(metrics => metrics.AddMeter(OutboxTelemetry.Name, "Microsoft.AspNetCore.Hosting").AddPrometheusExporter())
            .WithTracing(traces => traces.AddSource(OutboxTelemetry.Name, "Microsoft.AspNetCore"));
        if (builder.Configuration[Collector] is { Length: > 0 })
        {
            telemetry.UseOtlpExporter();
        }
    }

    public static void MapTelemetry(this WebApplication app) => app.MapPrometheusScrapingEndpoint();
}
