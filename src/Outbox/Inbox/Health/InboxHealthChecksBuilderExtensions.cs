using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Diagnostics.HealthChecks;
using Outbox.Inbox.Health;

namespace Outbox;

/// <summary>Shows the endpoints among a service's health checks.</summary>
public static class InboxHealthChecksBuilderExtensions
{
    /// <summary>The name of the endpoints' health check.</summary>
    public const string Name = "outbox-inbox";

    /// <summary>
    /// Adds a check of this process's topic endpoints, named <c>outbox-inbox</c> and tagged <c>outbox</c>: whether they consume, what they have parked and how far behind they are.
    /// Options come from the configuration section <c>Outbox:InboxHealth</c> and then from <paramref name="configure"/>.
    /// </summary>
    public static IHealthChecksBuilder AddOutboxInbox(this IHealthChecksBuilder builder, Action<InboxHealthOptions>? configure = null)
    {
        var options = builder.Services.AddValidatedOptions<InboxHealthOptions>(InboxHealthOptions.Section);
        if (configure is not null)
        {
            options.Configure(configure);
        }

        return builder.AddCheck<InboxHealthCheck>(Name, HealthStatus.Unhealthy, [HealthChecksBuilderExtensions.Tag]);
    }
}
