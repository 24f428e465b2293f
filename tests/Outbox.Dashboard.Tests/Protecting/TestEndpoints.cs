using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Outbox.Dashboard.Access;
using Outbox.Dashboard.Mapping;

namespace Outbox.Dashboard.Tests.Protecting;

/// <summary>A mapping as the dashboard and the API are one: an endpoint for each capability.</summary>
internal static class TestEndpoints
{
    public static RouteGroupBuilder MapSomething(this IEndpointRouteBuilder endpoints, string pattern = "/thing")
    {
        var group = endpoints.MapOutboxGroup(pattern, new OutboxEndpoint($"MapSomething(\"{pattern}\")", "test"), (_, refusal) => Results.Json(refusal.Code, statusCode: 403));
        group.MapGet("/see", () => "seen").Needs(Capability.Read);
        group.MapGet("/payload", () => "payload").Needs(Capability.Payload);
        group.MapPost("/act", () => "done").Needs(Capability.Operate);
        group.MapPost("/destroy", () => "gone").Needs(Capability.Destroy);
        group.MapGet("/who", (HttpContext http) => Acting.Of(http) is var actor ? $"{actor}|{actor.Kind}|{actor.Via}" : "").Needs(Capability.Read);
        return group;
    }
}
