using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.DependencyInjection;

namespace ServiceDefaults;

/// <summary>What every service of the example has beside its own subject.</summary>
public static class ServiceDefaultsExtensions
{
    /// <summary>Adds OpenAPI, health checks, clear errors, metrics and traces, the dashboard, and the way documents are written.</summary>
    public static void AddServiceDefaults(this WebApplicationBuilder builder)
    {
        MongoConventions.Register();
        builder.Services.AddOpenApi();
        builder.Services.AddHealth();
        builder.Services.AddProblems();
        builder.AddTelemetry();
        builder.AddDashboard();
    }

    /// <summary>Serves <c>/openapi/v1.json</c>, <c>/health/live</c>, <c>/health/ready</c>, <c>/health/outbox</c>, <c>/metrics</c> and <c>/outbox</c>.</summary>
    public static void MapServiceDefaults(this WebApplication app)
    {
        app.UseProblems();
        app.MapOpenApi();
        app.MapHealth();
        app.MapTelemetry();
        app.MapDashboard();
    }
}
