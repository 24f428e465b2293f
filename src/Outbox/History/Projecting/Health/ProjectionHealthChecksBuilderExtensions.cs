using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Diagnostics.HealthChecks;
using Outbox.History.Projecting.Health;

namespace Outbox;

/// <summary>Shows the read models among a service's health checks.</summary>
public static class ProjectionHealthChecksBuilderExtensions
{
    /// <summary>The name of the read models' health check.</summary>
    public const string Name = "outbox-projections";

    /// <summary>
    /// Adds a check of the service's read models, named <c>outbox-projections</c> and tagged <c>outbox</c>: which are stuck or behind, and what of them is parked. Options come from the configuration
    /// section <c>Outbox:ProjectionHealth</c> and then from <paramref name="configure"/>.
    /// </summary>
    public static IHealthChecksBuilder AddOutboxProjections(this IHealthChecksBuilder builder, Action<ProjectionHealthOptions>? configure = null)
    {
        var options = builder.Services.AddValidatedOptions<ProjectionHealthOptions>(ProjectionHealthOptions.Section);
        if (configure is not null)
        {
            options.Configure(configure);
        }

        return builder.AddCheck<ProjectionHealthCheck>(Name, HealthStatus.Unhealthy, [HealthChecksBuilderExtensions.Tag]);
    }
}
