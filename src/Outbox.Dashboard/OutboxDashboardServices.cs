using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Outbox.Dashboard.Access;
using Outbox.Dashboard.Mapping;
using Outbox.Dashboard.Pages.Seeing;

namespace Outbox.Dashboard;

/// <summary>Adds what the dashboard and the HTTP API need.</summary>
public static class OutboxDashboardServices
{
    /// <summary>
    /// Adds the services of <c>MapOutboxDashboard</c> and <c>MapOutboxOperations</c>, after <c>AddOutbox</c>. A host that maps one of them outside of Development and says nowhere who may use it does not start.
    /// </summary>
    /// <param name="services">The host's services.</param>
    /// <param name="configure">Says who may do what.</param>
    public static IServiceCollection AddOutboxDashboard(this IServiceCollection services, Action<OutboxDashboardOptions>? configure = null)
    {
        ArgumentNullException.ThrowIfNull(services);
        var options = services.AddOptions<OutboxDashboardOptions>().ValidateDataAnnotations().ValidateOnStart();
        if (configure is not null)
        {
            options.Configure(configure);
        }

        services.TryAddSingleton<Mappings>();
        services.TryAddSingleton<OutboxAccess>();
        services.AddHostedService<MappingGuard>();
        services.TryAddSingleton(TimeProvider.System);
        services.TryAddSingleton<OverviewSampler>();
        services.AddHostedService(provider => provider.GetRequiredService<OverviewSampler>());
        return services;
    }
}
