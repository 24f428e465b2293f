using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Outbox.Dashboard.Access;
using Outbox.Dashboard.Api.Answering;
using Outbox.Dashboard.Api.Reading;
using Outbox.Operations.Auditing;
using Outbox.Operations.Redacting;

namespace Outbox.Dashboard.Api.Explaining;

/// <summary>What was done.</summary>
internal static class AuditEndpoints
{
    public static void Map(ApiRoutes api) =>
        api.Get("/audit", Capability.Read, ("outboxAudit", "What was done by people, and by code in their place, the latest first"), ListAsync).Produces<ListAnswer<AuditAnswer>>();

    private static async Task<IResult> ListAsync(HttpContext http, [AsParameters] AuditQuery query, [AsParameters] PageQuery page)
    {
        var (filter, size, cursor) = (query.Filter, page.Most, page.Cursor);
        var found = await http.AskAsync(cursor, token => http.Get<IAudit>().AuditAsync(filter, cursor, size, token)).ConfigureAwait(false);
        var redaction = await http.MayAsync(Capability.Payload).ConfigureAwait(false) ? http.Get<Redaction>() : null;
        return ApiJson.Ok(new ListAnswer<AuditAnswer>([.. found.Items.Select(entry => AuditAnswer.Of(entry, redaction))]) { Next = found.Next });
    }
}
