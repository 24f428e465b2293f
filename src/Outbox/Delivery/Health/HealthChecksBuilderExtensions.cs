using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Diagnostics.HealthChecks;
using Microsoft.Extensions.Options;
using Outbox.Delivery.Health;

namespace Outbox;

/// <summary>Shows the outbox among a service's health checks.</summary>
public static class HealthChecksBuilderExtensions
{
    /// <summary>The tag of the outbox's health check.</summary>
    public const string Tag = "outbox";

    /// <summary>
    /// Adds a check of the outbox and of this process's relay, named and tagged <c>outbox</c>. Options come from the configuration section <c>Outbox:Health</c> and then from
    /// <paramref name="configure"/>. It is no check of readiness: without Kafka a service can still write its messages.
    /// </summary>
    public static IHealthChecksBuilder AddOutbox(this IHealthChecksBuilder builder, Action<OutboxHealthOptions>? configure = null)
    {
        var options = builder.Services.AddValidatedOptions<OutboxHealthOptions>(OutboxHealthOptions.Section);
        if (configure is not null)
        {
            options.Configure(configure);
        }

        return builder.AddCheck<OutboxHealthCheck>(Tag, HealthStatus.Unhealthy, [Tag]);
    }
}
