using System.ComponentModel;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Mvc;
using Microsoft.Extensions.Options;
using Microsoft.Net.Http.Headers;
using Outbox.Dashboard.Access;
using Outbox.Dashboard.Api.Answering;
using Outbox.Dashboard.Api.Parked;
using Outbox.Dashboard.Api.Reading;
using Outbox.Delivery.Operations;
using Outbox.Inbox.Operations;
using Outbox.Operations;

namespace Outbox.Dashboard.Api.Acts;

/// <summary>Acts on one parked message.</summary>
internal static class ParkedActs
{
    private const int Around = 64 * 1024;

    private delegate Task<bool> Act<in T>(T operations, string id, Decision decision, CancellationToken cancellationToken);

    public static void Map(ApiRoutes api)
    {
        Send("retry", Capability.Operate, ("outboxRetry", "Has a parked message tried again"), (o, id, why, token) => o.RetryAsync(id, why, token), (o, id, why, token) => o.RetryAsync(id, why, token));
        Send("discard", Capability.Destroy, ("outboxDiscard", "Gives a parked message up; it can be restored"), (o, id, why, token) => o.DiscardAsync(id, why, token), (o, id, why, token) => o.DiscardAsync(id, why, token));
        Send("restore", Capability.Operate, ("outboxRestore", "Parks a discarded message again"), (o, id, why, token) => o.RestoreAsync(id, why, token), (o, id, why, token) => o.RestoreAsync(id, why, token));
        api.Send<EditBody>(HttpMethods.Put, "/parked/{side}/payload", Capability.Destroy, ("outboxEdit", "Gives a parked message another payload and has it tried again; where the service allows it, with the ETag in If-Match"), EditAsync)
            .Produces(StatusCodes.Status204NoContent)
            .ProducesApiProblem(StatusCodes.Status404NotFound, StatusCodes.Status409Conflict, StatusCodes.Status412PreconditionFailed, StatusCodes.Status428PreconditionRequired);

        void Send(string act, Capability needs, (string Id, string Summary) named, Act<IOutboxOperations> outbox, Act<IInboxOperations> inbox) =>
            api.Send<ActBody>(HttpMethods.Post, $"/parked/{{side}}/{act}", needs, named, ([Description("outbox or inbox.")] string side, HttpContext http) => DoAsync(http, side, outbox, inbox))
                .Produces(StatusCodes.Status204NoContent).ProducesApiProblem(StatusCodes.Status404NotFound, StatusCodes.Status409Conflict);
    }

    private static async Task<IResult> DoAsync(HttpContext http, string side, Act<IOutboxOperations> outbox, Act<IInboxOperations> inbox)
    {
        var name = ApiText.Name<Side>(side, "side");
        var body = await ApiBody.ReadAsync<ActBody>(http).ConfigureAwait(false);
        var (id, why) = (ApiText.Needed(body.Id, "id"), http.Decide(body.Reason));
        var found = await http.ActAsync(token => name == Side.Outbox
            ? outbox(http.Get<IOutboxOperations>(), id, why, token)
            : inbox(http.Get<IInboxOperations>(), id, why, token)).ConfigureAwait(false);
        return found ? Results.NoContent() : throw ParkedEndpoints.None();
    }

    private static async Task<IResult> EditAsync(HttpContext http, [Description("outbox or inbox.")] string side, [FromQuery(Name = "id"), Description("The message: an item's id.")] string? id)
    {
        var (name, wanted, etag) = (ApiText.Name<Side>(side, "side"), ApiText.Needed(id, "id"), IfMatch(http.Request));
        var body = await ApiBody.ReadAsync<EditBody>(http, (int)Math.Min(int.MaxValue / 2, (long)http.Get<IOptions<OutboxOptions>>().Value.MaxPayloadBytes + Around)).ConfigureAwait(false);
        var (payload, why) = (body.Payload.GetRawText(), http.Decide(body.Reason));
        try
        {
            var found = await http.ActAsync(token => name == Side.Outbox
                ? http.Get<IOutboxOperations>().EditAndRetryAsync(wanted, payload, etag, why, token)
                : http.Get<IInboxOperations>().EditAndRetryAsync(wanted, payload, etag, why, token)).ConfigureAwait(false);
            return found ? Results.NoContent() : throw ParkedEndpoints.None();
        }
        catch (OutboxException error) when (error.InnerException is null && http.Get<IOptions<OutboxOptions>>().Value.AllowEdit)
        {
            var (outbox, inbox) = await ParkedEndpoints.FindAsync(http, side, id).ConfigureAwait(false);
            throw (outbox?.ETag ?? inbox?.ETag) == etag ? error : new ApiException(StatusCodes.Status412PreconditionFailed, ApiCodes.Changed, error.Message);
        }
    }

    /// <exception cref="ApiException">It does not name the one state that was looked at.</exception>
    private static string IfMatch(HttpRequest request) => !EntityTagHeaderValue.TryParseList(request.Headers.IfMatch, out var tags) || tags is not [{ IsWeak: false } tag] || tag.Equals(EntityTagHeaderValue.Any)
        ? throw new ApiException(StatusCodes.Status428PreconditionRequired, ApiCodes.PreconditionRequired, "Say with If-Match what you looked at: the one ETag that came with the message.")
        : tag.Tag.ToString().Trim('"');
}
