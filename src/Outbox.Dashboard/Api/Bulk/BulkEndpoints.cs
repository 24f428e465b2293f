using System.ComponentModel;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Mvc;
using Outbox.Dashboard.Access;
using Outbox.Dashboard.Api.Answering;
using Outbox.Dashboard.Api.Reading;
using Outbox.Operations.Bulk;

namespace Outbox.Dashboard.Api.Bulk;

/// <summary>Bulk operations: started, watched and cancelled.</summary>
internal static class BulkEndpoints
{
    private const string OfTheKey = "A name that you give the operation, 1 to 128 of A-Z, a-z, 0-9 and - _ . : ~. Sent once more with the same body, it gives the operation that is there.";

    public static void Map(ApiRoutes api)
    {
        api.Send<BulkBody>(HttpMethods.Post, "/operations", Capability.Operate, ("outboxStartOperation", "Has many messages tried again, given up (which needs Destroy) or restored, as one operation"), StartAsync)
            .Produces<BulkAnswer>(StatusCodes.Status202Accepted).ProducesApiProblem(StatusCodes.Status409Conflict, StatusCodes.Status422UnprocessableEntity);
        api.Get("/operations", Capability.Read, ("outboxOperations", "Bulk operations, the latest first"), ListAsync).Produces<ListAnswer<BulkAnswer>>();
        api.Get("/operations/{id}", Capability.Read, ("outboxOperation", "A bulk operation, and how far it is"), GetAsync).Produces<BulkAnswer>().ProducesApiProblem(StatusCodes.Status404NotFound);
        api.Send<ReasonBody>(HttpMethods.Post, "/operations/{id}/cancel", Capability.Operate, ("outboxCancelOperation", "Ends a bulk operation; what was done stays done"), CancelAsync)
            .Produces(StatusCodes.Status204NoContent).ProducesApiProblem(StatusCodes.Status404NotFound, StatusCodes.Status409Conflict);
    }

    private static async Task<IResult> StartAsync(HttpContext http, [FromHeader(Name = "Idempotency-Key"), Description(OfTheKey)] string? key)
    {
        var body = await ApiBody.ReadAsync<BulkBody>(http).ConfigureAwait(false);
        var request = body.ToRequest(Key(key), http.Decide(body.Reason));
        if (request.Action == BulkAction.Discard && !await http.MayAsync(Capability.Destroy).ConfigureAwait(false))
        {
            var refusal = Refusal.Of(Capability.Destroy);
            throw new ApiException(StatusCodes.Status403Forbidden, refusal.Code, refusal.Text);
        }

        var started = await BeginAsync(http, request).ConfigureAwait(false);
        http.Response.StatusCode = StatusCodes.Status202Accepted;

        // Relative to this address: it stays right behind whatever a proxy puts before it.
        http.Response.Headers.Location = (http.Request.Path.Value!.EndsWith('/') ? "./" : "operations/") + Uri.EscapeDataString(started.Id);
        return Results.Json(BulkAnswer.Of(started), ApiJson.Options, statusCode: StatusCodes.Status202Accepted);
    }

    private static async Task<BulkOperation> BeginAsync(HttpContext http, BulkRequest request)
    {
        try
        {
            return await http.ActAsync(token => http.Get<IBulkOperations>().StartAsync(request, token)).ConfigureAwait(false);
        }
        catch (OutboxException error) when (request.Id is not null && error.InnerException is null)
        {
            var there = await http.AskAsync(token => http.Get<IBulkOperations>().GetOperationAsync(request.Id, token)).ConfigureAwait(false);
            throw there is null ? error : new ApiException(StatusCodes.Status422UnprocessableEntity, ApiCodes.KeyReused, "The Idempotency-Key belongs to another operation, of another request or person. Give each a key of its own.");
        }
    }

    private static async Task<IResult> ListAsync(HttpContext http, [AsParameters] PageQuery query)
    {
        var (size, cursor) = (query.Most, query.Cursor);
        var page = await http.AskAsync(cursor, token => http.Get<IBulkOperations>().ListOperationsAsync(cursor, size, token)).ConfigureAwait(false);
        return ApiJson.Ok(new ListAnswer<BulkAnswer>([.. page.Items.Select(BulkAnswer.Of)]) { Next = page.Next });
    }

    private static async Task<IResult> GetAsync(HttpContext http, string id)
    {
        var name = Unescape(id);
        return ApiJson.Ok(BulkAnswer.Of(await http.AskAsync(token => http.Get<IBulkOperations>().GetOperationAsync(name, token)).ConfigureAwait(false) ?? throw None()));
    }

    private static async Task<IResult> CancelAsync(HttpContext http, string id)
    {
        var name = Unescape(id);
        var why = http.Decide((await ApiBody.ReadAsync<ReasonBody>(http).ConfigureAwait(false)).Reason);
        if (await http.ActAsync(token => http.Get<IBulkOperations>().CancelAsync(name, why, token)).ConfigureAwait(false))
        {
            return Results.NoContent();
        }

        var there = await http.AskAsync(token => http.Get<IBulkOperations>().GetOperationAsync(name, token)).ConfigureAwait(false);
        throw there is null ? None() : ApiException.Refused("The operation has ended.");
    }

    private static ApiException None() => ApiException.NotFound("There is no bulk operation of this id.");

    /// <summary>The one character that the server leaves escaped.</summary>
    private static string Unescape(string id) => id.Replace("%2F", "/", StringComparison.OrdinalIgnoreCase);

    /// <exception cref="ApiException">It is none.</exception>
    private static string? Key(string? key) => key is null || (key.Length is >= 1 and <= 128 && key.All(letter => char.IsAsciiLetterOrDigit(letter) || "-_.:~".Contains(letter)) && key.Any(letter => letter != '.'))
        ? key
        : throw ApiException.Invalid("Idempotency-Key must have 1 to 128 of the characters A-Z, a-z, 0-9 and - _ . : ~.");
}
