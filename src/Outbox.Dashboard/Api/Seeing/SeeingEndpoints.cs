using System.ComponentModel;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Mvc;
using Microsoft.Extensions.Options;
using Outbox.Dashboard.Access;
using Outbox.Dashboard.Api.Answering;
using Outbox.Dashboard.Api.Reading;
using Outbox.Inbox.Replaying;
using Outbox.Operations.Seeing;

namespace Outbox.Dashboard.Api.Seeing;

/// <summary>How the outbox and the inbox are, and who works on them.</summary>
internal static class SeeingEndpoints
{
    public static void Map(ApiRoutes api)
    {
        api.Get("/overview", Capability.Read, ("outboxOverview", "How the outbox and the inbox are: what waits, who works, and what is not as it should be"), OverviewAsync).Produces<OverviewAnswer>();
        api.Get("/health", Capability.Read, ("outboxHealth", "Whether messages get through, and what is not as it should be"), HealthAsync).Produces<HealthAnswer>();
        api.Get("/lanes", Capability.Read, ("outboxLanes", "The lanes, and who publishes them"), LanesAsync).Produces<ListAnswer<LaneAnswer>>();
        api.Get("/instances", Capability.Read, ("outboxInstances", "The processes of the service"), InstancesAsync).Produces<ListAnswer<InstanceAnswer>>();
        api.Get("/endpoints", Capability.Read, ("outboxEndpoints", "The endpoints that consume, with their lag and what is parked of them"), EndpointsAsync).Produces<ListAnswer<EndpointAnswer>>();
        api.Get("/replay", Capability.Read, ("outboxReplay", "The last replay or snapshot of an endpoint"), ReplayAsync).Produces<ReplayAnswer>().ProducesApiProblem(StatusCodes.Status404NotFound);
        api.Get("/snapshots", Capability.Read, ("outboxSnapshots", "The snapshots of an endpoint, the newest first"), SnapshotsAsync).Produces<ListAnswer<SnapshotAnswer>>();
    }

    private static async Task<IResult> OverviewAsync(HttpContext http) => ApiJson.Ok(OverviewAnswer.Of(await ReadAsync(http).ConfigureAwait(false)));

    private static async Task<IResult> HealthAsync(HttpContext http) => ApiJson.Ok(HealthAnswer.Of(await ReadAsync(http).ConfigureAwait(false)));

    /// <summary>It bounds each of its questions itself, and says what it does not know.</summary>
    private static Task<Overview> ReadAsync(HttpContext http)
    {
        var request = new OverviewRequest { QueryTimeout = http.Get<IOptions<OutboxDashboardOptions>>().Value.QueryTimeout };
        return http.AskAsync(token => http.Get<IOutboxOverview>().ReadAsync(request, token), Asking.Several);
    }

    private static async Task<IResult> LanesAsync(HttpContext http) =>
        ApiJson.Ok(new ListAnswer<LaneAnswer>([.. (await http.AskAsync(token => http.Get<IOutboxOverview>().ListLanesAsync(token), Asking.Several).ConfigureAwait(false)).Select(LaneAnswer.Of)]));

    private static async Task<IResult> InstancesAsync(HttpContext http) =>
        ApiJson.Ok(new ListAnswer<InstanceAnswer>([.. (await http.AskAsync(token => http.Get<IOutboxOverview>().ListInstancesAsync(token), Asking.Several).ConfigureAwait(false)).Select(InstanceAnswer.Of)]));

    private static async Task<IResult> EndpointsAsync(HttpContext http) =>
        ApiJson.Ok(new ListAnswer<EndpointAnswer>([.. (await http.AskAsync(token => http.Get<IOutboxOverview>().ListEndpointsAsync(token), Asking.Several).ConfigureAwait(false)).Select(EndpointAnswer.Of)]));

    private static async Task<IResult> ReplayAsync(HttpContext http, [FromQuery(Name = "endpoint"), Description("The endpoint: its group.")] string? endpoint)
    {
        var name = ApiText.Needed(endpoint, "endpoint");
        var replay = await http.AskAsync(token => http.Get<IInboxReplay>().FindAsync(name, token)).ConfigureAwait(false);
        return ApiJson.Ok(ReplayAnswer.Of(replay ?? throw ApiException.NotFound("The endpoint was never replayed, and no snapshot of it was ever taken.")));
    }

    private static async Task<IResult> SnapshotsAsync(HttpContext http, [FromQuery(Name = "endpoint"), Description("The endpoint: its group.")] string? endpoint)
    {
        var name = ApiText.Needed(endpoint, "endpoint");
        return ApiJson.Ok(new ListAnswer<SnapshotAnswer>([.. (await http.AskAsync(token => http.Get<IInboxReplay>().ListSnapshotsAsync(name, token)).ConfigureAwait(false)).Select(SnapshotAnswer.Of)]));
    }
}
