using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Diagnostics.HealthChecks;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Diagnostics.HealthChecks;
using Outbox;

namespace ServiceDefaults;

/// <summary>Live: the process answers. Ready: MassTransit's bus runs and MongoDB can be reached. Outbox: messages leave it, and endpoints consume.</summary>
internal static class Health
{
    // MassTransit gives its bus the same tag.
    public const string ReadyTag = "ready";

    public static void AddHealth(this IServiceCollection services) =>
        services.AddHealthChecks().AddCheck<MongoDbHealthCheck>("mongodb", tags: [ReadyTag]).AddOutbox().AddOutboxInbox();

    public static void MapHealth(this WebApplication app)
    {
        app.MapHealthChecks("/health/live", new HealthCheckOptions { Predicate = _ => false });
        app.MapHealthChecks("/health/ready", new HealthCheckOptions { Predicate = check => check.Tags.Contains(ReadyTag) });
        app.MapHealthChecks("/health/outbox", new HealthCheckOptions
        {
            Predicate = check => check.Tags.Contains(HealthChecksBuilderExtensions.Tag),
            ResponseWriter = WriteAsync,
        });
    }

    private static Task WriteAsync(HttpContext context, HealthReport report) => context.Response.WriteAsJsonAsync(report.Entries.ToDictionary(
        entry => entry.Key, entry => new { status = entry.Value.Status.ToString(), entry.Value.Description, entry.Value.Data }));
}
