using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;
using Outbox.Dashboard.Access;

namespace Outbox.Dashboard.Mapping;

/// <summary>Makes the group of endpoints that the API or the dashboard is.</summary>
internal static class OutboxGroups
{
    public static RouteGroupBuilder MapOutboxGroup(this IEndpointRouteBuilder endpoints, string pattern, OutboxEndpoint mark, Func<HttpContext, Refusal, IResult> refuse)
    {
        var mappings = endpoints.ServiceProvider.GetService<Mappings>()
            ?? throw new InvalidOperationException($"{mark.Mapping} needs the services of AddOutboxDashboard(). Call it on the host's services.");
        mappings.Add(endpoints);
        var group = endpoints.MapGroup(pattern).WithMetadata(mark);
        group.AddEndpointFilter(new AccessFilter(refuse));
        return group;
    }

    public static TBuilder Needs<TBuilder>(this TBuilder builder, Capability capability)
        where TBuilder : IEndpointConventionBuilder => builder.WithMetadata(new Needs(capability));
}
