using System.ComponentModel;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Mvc;
using Outbox.Dashboard.Access;
using Outbox.Dashboard.Api.Answering;
using Outbox.Dashboard.Api.Reading;
using Outbox.Messages;
using Outbox.Operations.Explaining;

namespace Outbox.Dashboard.Api.Explaining;

/// <summary>Why something is stuck, and where a message is.</summary>
internal static class ExplainEndpoints
{
    public static void Map(ApiRoutes api)
    {
        api.Get("/explain", Capability.Read, ("outboxExplain", "Why a message or an entity is stuck, or that it is not"), ExplainAsync).Produces<ExplanationAnswer>();
        api.Get("/trace", Capability.Read, ("outboxTrace", "Where a message is and was in this service, in the order of time"), TraceAsync).Produces<ListAnswer<TracedAnswer>>().ProducesApiProblem(StatusCodes.Status404NotFound);
    }

    private static async Task<IResult> ExplainAsync(
        HttpContext http,
        [FromQuery(Name = "id"), Description("A message's id; or, where no trace of such a message is left, an entity's.")] string? id,
        [FromQuery(Name = "entityType"), Description("The entity's type; with an entityId.")] string? entityType,
        [FromQuery(Name = "entityId"), Description("The entity, of any type where none is said. Say this or an id.")] string? entityId)
    {
        if (string.IsNullOrWhiteSpace(id) == string.IsNullOrWhiteSpace(entityId))
        {
            throw ApiException.Invalid("Say either 'id', or 'entityId' and its 'entityType'.");
        }

        return ApiJson.Ok(ExplanationAnswer.Of(await http.AskAsync(
            token => string.IsNullOrWhiteSpace(id) ? http.Get<IExplain>().ExplainAsync(new Entity(entityType ?? "", entityId!), token) : http.Get<IExplain>().ExplainAsync(id, token),
            Asking.Several).ConfigureAwait(false)));
    }

    private static async Task<IResult> TraceAsync(HttpContext http, [FromQuery(Name = "messageId"), Description("The message.")] string? messageId)
    {
        var id = ApiText.Needed(messageId, "messageId");
        var explanation = await http.AskAsync(token => http.Get<IExplain>().ExplainAsync(id, token), Asking.Several).ConfigureAwait(false);
        var steps = ExplanationAnswer.Steps(explanation).Where(step => step.MessageId == id).OrderBy(step => step.At).ToList();
        return steps.Count > 0 ? ApiJson.Ok(new ListAnswer<TracedAnswer>(steps)) : throw ApiException.NotFound("There is no trace of this message here. Ask the other services too.");
    }
}
