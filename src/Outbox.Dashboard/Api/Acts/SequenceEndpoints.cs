using System.ComponentModel;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Mvc;
using Outbox.Dashboard.Access;
using Outbox.Dashboard.Api.Answering;
using Outbox.Dashboard.Api.Reading;
using Outbox.Inbox;
using Outbox.Inbox.Operations;
using Outbox.Operations.Seeing;

namespace Outbox.Dashboard.Api.Acts;

/// <summary>Sequences that wait for a version.</summary>
internal static class SequenceEndpoints
{
    public static void Map(ApiRoutes api)
    {
        api.Get("/sequences", Capability.Read, ("outboxSequences", "The sequences that wait for a version that has not come"), ListAsync).Produces<ListAnswer<SequenceAnswer>>();
        api.Send<ReleaseBody>(HttpMethods.Post, "/sequences/release", Capability.Destroy, ("outboxRelease", "Gives up the versions that a sequence waits for"), ReleaseAsync)
            .Produces(StatusCodes.Status204NoContent).ProducesApiProblem(StatusCodes.Status404NotFound, StatusCodes.Status409Conflict);
    }

    private static async Task<IResult> ListAsync(HttpContext http, [FromQuery(Name = "endpoint"), Description("Only this endpoint's.")] string? endpoint, [AsParameters] PageQuery query)
    {
        var (size, cursor) = (query.Most, query.Cursor);
        var page = await http.AskAsync(cursor, token => http.Get<IOutboxOverview>().ListWaitingAsync(endpoint, cursor, size, token)).ConfigureAwait(false);
        return ApiJson.Ok(new ListAnswer<SequenceAnswer>([.. page.Items.Select(SequenceAnswer.Of)]) { Next = page.Next });
    }

    private static async Task<IResult> ReleaseAsync(HttpContext http)
    {
        var body = await ApiBody.ReadAsync<ReleaseBody>(http).ConfigureAwait(false);
        var sequence = new Sequence(ApiText.Needed(body.Endpoint, "endpoint"), ApiText.Needed(body.Topic, "topic"), ApiText.Needed(body.EntityId, "entityId")) { EntityType = body.EntityType ?? "" };
        var why = http.Decide(body.Reason);
        return await http.ActAsync(token => http.Get<IInboxOperations>().ReleaseAsync(sequence, why, token)).ConfigureAwait(false)
            ? Results.NoContent()
            : throw ApiException.NotFound("Nothing waits in this sequence.");
    }
}
