using System.ComponentModel;
using System.Net.Mime;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Mvc;
using Outbox.Dashboard.Access;
using Outbox.Dashboard.Api.Answering;
using Outbox.Dashboard.Api.Reading;
using Outbox.Delivery.Operations;
using Outbox.Inbox.Operations;
using Outbox.Operations.Redacting;

namespace Outbox.Dashboard.Api.Parked;

/// <summary>What could not be published or processed.</summary>
internal static class ParkedEndpoints
{
    private const string OfTheId = "The message: an item's id.";

    private const string OfTheSide = "outbox or inbox.";

    public static void Map(ApiRoutes api)
    {
        api.Get("/parked/groups", Capability.Read, ("outboxParkedGroups", "The causes of what is parked, those of most messages first"), GroupsAsync).Produces<ListAnswer<GroupAnswer>>();
        api.Get("/parked", Capability.Read, ("outboxParked", "Parked messages of both sides, the longest parked first, without payloads"), ParkedAsync).Produces<ListAnswer<ParkedItem>>();
        api.Get("/discarded", Capability.Read, ("outboxDiscarded", "Discarded messages of both sides, the latest first, without payloads"), DiscardedAsync).Produces<ListAnswer<ParkedItem>>();
        api.Get("/parked/{side}/message", Capability.Read, ("outboxParkedMessage", "A parked or discarded message, whole; payload and headers only for those who may see them"), MessageAsync)
            .Produces<ParkedWhole>().ProducesApiProblem(StatusCodes.Status404NotFound);
        api.Get("/parked/{side}/payload", Capability.Payload, ("outboxParkedPayload", "A parked or discarded message's payload, as a download"), PayloadAsync)
            .Produces(StatusCodes.Status200OK, contentType: MediaTypeNames.Application.Octet).ProducesApiProblem(StatusCodes.Status404NotFound);
    }

    public static async Task<(ParkedOutboxMessage? Outbox, ParkedInboxMessage? Inbox)> FindAsync(HttpContext http, string side, string? id)
    {
        var (name, wanted) = (ApiText.Name<Side>(side, "side"), ApiText.Needed(id, "id"));
        var found = await http.AskAsync<(ParkedOutboxMessage? Outbox, ParkedInboxMessage? Inbox)>(async token => name == Side.Outbox
            ? (await http.Get<IOutboxOperations>().GetAsync(wanted, token).ConfigureAwait(false), null)
            : (null, await http.Get<IInboxOperations>().GetAsync(wanted, token).ConfigureAwait(false))).ConfigureAwait(false);
        return found is (null, null) ? throw None() : found;
    }

    public static ApiException None() => ApiException.NotFound("Nothing is parked by this id on this side, and nothing was discarded by it.");

    private static async Task<IResult> GroupsAsync(HttpContext http, [AsParameters] ParkedQuery query) =>
        ApiJson.Ok(new ListAnswer<GroupAnswer>(await new ParkedReading(http, query, discarded: false).GroupsAsync().ConfigureAwait(false)));

    private static async Task<IResult> ParkedAsync(HttpContext http, [AsParameters] ParkedQuery query, [AsParameters] PageQuery page) =>
        ApiJson.Ok(await new ParkedReading(http, query, discarded: false).PageAsync(page.Cursor, page.Most).ConfigureAwait(false));

    private static async Task<IResult> DiscardedAsync(HttpContext http, [AsParameters] ParkedQuery query, [AsParameters] PageQuery page) =>
        ApiJson.Ok(await new ParkedReading(http, query, discarded: true).PageAsync(page.Cursor, page.Most).ConfigureAwait(false));

    private static async Task<IResult> MessageAsync(HttpContext http, [Description(OfTheSide)] string side, [FromQuery(Name = "id"), Description(OfTheId)] string? id)
    {
        var (outbox, inbox) = await FindAsync(http, side, id).ConfigureAwait(false);
        var whole = outbox is not null ? ParkedWhole.Of(outbox, id!) : ParkedWhole.Of(inbox!);
        http.Response.Headers.ETag = $"\"{whole.ETag}\"";
        return ApiJson.Ok(await http.MayAsync(Capability.Payload).ConfigureAwait(false) ? whole with { IsMasked = false, Content = Content(http, outbox, inbox) } : whole);
    }

    private static async Task<IResult> PayloadAsync(HttpContext http, [Description(OfTheSide)] string side, [FromQuery(Name = "id"), Description(OfTheId)] string? id)
    {
        var (outbox, inbox) = await FindAsync(http, side, id).ConfigureAwait(false);
        return Results.File(Content(http, outbox, inbox).Raw(inbox?.Message.Value), MediaTypeNames.Application.Octet, outbox is not null ? "outbox-message.bin" : "inbox-message.bin");
    }

    private static ParkedContent Content(HttpContext http, ParkedOutboxMessage? outbox, ParkedInboxMessage? inbox) =>
        outbox is not null ? ParkedContent.Of(outbox, http.Get<Redaction>()) : ParkedContent.Of(inbox!, http.Get<Redaction>());
}
