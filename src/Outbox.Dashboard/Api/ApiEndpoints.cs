using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;
using Outbox.Dashboard.Access;
using Outbox.Dashboard.Api.Acts;
using Outbox.Dashboard.Api.Answering;
using Outbox.Dashboard.Api.Bulk;
using Outbox.Dashboard.Api.Explaining;
using Outbox.Dashboard.Api.Parked;
using Outbox.Dashboard.Api.Reading;
using Outbox.Dashboard.Api.Seeing;
using Outbox.Dashboard.Mapping;

namespace Outbox.Dashboard.Api;

/// <summary>The whole HTTP API.</summary>
internal static class ApiEndpoints
{
    public const string Via = "HTTP API";

    public static RouteGroupBuilder Map(IEndpointRouteBuilder endpoints, string pattern)
    {
        var group = endpoints.MapOutboxGroup(pattern, new OutboxEndpoint($"MapOutboxOperations(\"{pattern}\")", Via), (_, refusal) => ApiProblem.Of(StatusCodes.Status403Forbidden, refusal.Code, refusal.Text));
        group.AddEndpointFilter(new ApiErrors());
        group.AddEndpointFilterFactory(KnownQuery.Create);
        var api = new ApiRoutes(group, endpoints.ServiceProvider.GetRequiredService<Mappings>().NextApi());
        SeeingEndpoints.Map(api);
        ParkedEndpoints.Map(api);
        ParkedActs.Map(api);
        SequenceEndpoints.Map(api);
        ExplainEndpoints.Map(api);
        PauseEndpoints.Map(api);
        BulkEndpoints.Map(api);
        AuditEndpoints.Map(api);
        return group;
    }
}
