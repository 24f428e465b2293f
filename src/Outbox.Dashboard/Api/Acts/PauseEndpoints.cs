using System.ComponentModel;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Mvc;
using Outbox.Dashboard.Access;
using Outbox.Dashboard.Api.Answering;
using Outbox.Dashboard.Api.Reading;
using Outbox.Operations.Pausing;

namespace Outbox.Dashboard.Api.Acts;

/// <summary>Pauses.</summary>
internal static class PauseEndpoints
{
    public static void Map(ApiRoutes api)
    {
        api.Get("/pauses", Capability.Read, ("outboxPauses", "What is paused, what ends first first"), ListAsync).Produces<ListAnswer<PauseAnswer>>();
        api.Send<PauseBody>(HttpMethods.Put, "/pauses", Capability.Operate, ("outboxPause", "Pauses the relay, a topic or an endpoint, for an hour where nothing is said"), PauseAsync)
            .Produces<PauseAnswer>().ProducesApiProblem(StatusCodes.Status409Conflict);
        api.Delete("/pauses", Capability.Operate, ("outboxResume", "Ends a pause before its time"), ResumeAsync)
            .Produces(StatusCodes.Status204NoContent).ProducesApiProblem(StatusCodes.Status404NotFound);
    }

    private static async Task<IResult> ListAsync(HttpContext http)
    {
        var pauses = await http.AskAsync(token => http.Get<IPauses>().ListPausesAsync(token)).ConfigureAwait(false);
        return ApiJson.Ok(new ListAnswer<PauseAnswer>([.. pauses.Select(PauseAnswer.Of)]));
    }

    private static async Task<IResult> PauseAsync(HttpContext http)
    {
        var body = await ApiBody.ReadAsync<PauseBody>(http).ConfigureAwait(false);
        var why = http.Decide(body.Reason);
        if (body is { ForSeconds: not null, Until: not null })
        {
            throw ApiException.Invalid("Say with 'forSeconds' how long it lasts or with 'until' when it ends, not both.");
        }

        var request = new PauseRequest(Target(body.Kind, body.Name), why.Reason) { For = body.For, Until = body.Until, By = why.By, EvenIfUnknown = body.EvenIfUnknown };
        return ApiJson.Ok(PauseAnswer.Of(await http.ActAsync(token => http.Get<IPauses>().PauseAsync(request, token)).ConfigureAwait(false)));
    }

    private static async Task<IResult> ResumeAsync(
        HttpContext http,
        [FromQuery(Name = "kind"), Description("relay, topic or endpoint.")] string? kind,
        [FromQuery(Name = "name"), Description("The topic or the endpoint; none for the relay.")] string? name,
        [FromQuery(Name = "reason"), Description("Why, for the log and the audit.")] string? reason)
    {
        var target = Target(ApiText.Name<PauseKind>(ApiText.Needed(kind, "kind"), "kind")!.Value, name);
        var why = http.Decide(ApiText.Reason(reason));
        return await http.ActAsync(token => http.Get<IPauses>().ResumeAsync(target, why.Reason, why.By, token)).ConfigureAwait(false)
            ? Results.NoContent()
            : throw ApiException.NotFound("It is not paused.");
    }

    private static PauseTarget Target(PauseKind kind, string? name) => kind != PauseKind.Relay ? PauseTarget.Of(kind, ApiText.Needed(name, "name"))
        : string.IsNullOrEmpty(name) ? PauseTarget.Relay
        : throw ApiException.Invalid("There is one relay of a service: leave 'name' out.");
}
