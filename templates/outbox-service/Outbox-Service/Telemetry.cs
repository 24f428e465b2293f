using OpenTelemetry.Metrics;
using OpenTelemetry.Resources;
using OpenTelemetry.Trace;
using Outbox.Diagnostics;

namespace Outbox_Service;

/// <summary>Traces and metrics: to a collector where OTEL_EXPORTER_OTLP_ENDPOINT names one; otherwise, while developing, traces to the console.</summary>
internal static class Telemetry
{
    public static void AddTelemetry(this WebApplicationBuilder builder)
    {
        var hasCollector = builder.Configuration["OTEL_EXPORTER_OTLP_ENDPOINT"] is { Length: > 0 };
        var telemetry = builder.Services.AddOpenTelemetry().ConfigureResource(r => r.AddService(builder.Environment.ApplicationName));
        telemetry.WithTracing(t =>
        {
            t.AddSource(OutboxTelemetry.Name, "MassTransit").AddAspNetCoreInstrumentation();
            if (hasCollector)
            {
                t.AddOtlpExporter();
            }
            else if (builder.Environment.IsDevelopment())
            {
                t.AddConsoleExporter();
            }
        });
        if (hasCollector)
        {
            telemetry.WithMetrics(m => m.AddMeter(OutboxTelemetry.Name, "MassTransit").AddAspNetCoreInstrumentation().AddOtlpExporter());
        }
    }
}
