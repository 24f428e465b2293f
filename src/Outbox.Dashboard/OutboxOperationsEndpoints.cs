using System.Diagnostics.CodeAnalysis;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Routing;
using Outbox.Dashboard.Access;
using Outbox.Dashboard.Api;

namespace Outbox.Dashboard;

/// <summary>Maps the HTTP API of the operations.</summary>
public static class OutboxOperationsEndpoints
{
    /// <summary>
    /// Maps an HTTP API with which programs see what is pending, parked and paused in this service, and act on it: what the dashboard and the command line do. It is in the host's OpenAPI document, if there is one.
    /// Outside of Development a host does not start unless something says who may use it: <c>RequireAuthorization</c> or <c>AllowAnonymous</c> on what this returns, or the host's fallback policy. It needs the services of
    /// <see cref="OutboxDashboardServices.AddOutboxDashboard"/>.
    /// </summary>
    /// <param name="endpoints">The host's endpoints.</param>
    /// <param name="pattern">Where: <c>/outbox/api/v1</c>.</param>
    /// <returns>All of its endpoints, to say who may use them.</returns>
    /// <exception cref="InvalidOperationException">The services are missing.</exception>
    public static IEndpointConventionBuilder MapOutboxOperations(this IEndpointRouteBuilder endpoints, [StringSyntax("Route")] string pattern = "/outbox/api/v1")
    {
        ArgumentNullException.ThrowIfNull(endpoints);
        ArgumentException.ThrowIfNullOrWhiteSpace(pattern);
        return ApiEndpoints.Map(endpoints, pattern);
    }
}
