using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;

namespace Outbox.Dashboard.Access;

/// <summary>
/// Stands before every endpoint: the answer is never framed, cached or taken for another type; the person may do what the endpoint needs; and a request that changes something does not come from somebody else's page.
/// </summary>
/// <param name="refuse">Answers a refusal, as the API or the dashboard does.</param>
internal sealed class AccessFilter(Func<HttpContext, Refusal, IResult> refuse) : IEndpointFilter
{
    public async ValueTask<object?> InvokeAsync(EndpointFilterInvocationContext context, EndpointFilterDelegate next)
    {
        var http = context.HttpContext;
        SafeHeaders.Set(http.Response.Headers);
        return await RefusalOfAsync(http).ConfigureAwait(false) is { } refusal ? refuse(http, refusal) : await next(context).ConfigureAwait(false);
    }

    private static async Task<Refusal?> RefusalOfAsync(HttpContext http)
    {
        var access = http.RequestServices.GetRequiredService<OutboxAccess>();
        if (!await access.AdmitsAsync(http).ConfigureAwait(false))
        {
            return Refusal.Unprotected;
        }

        if (!SameOrigin.Allows(http.Request))
        {
            return Refusal.CrossSite;
        }

        var needed = http.GetEndpoint()?.Metadata.GetMetadata<Needs>()?.Capability ?? Capability.Read;
        return await access.AllowsAsync(http, Capability.Read).ConfigureAwait(false) && await access.AllowsAsync(http, needed).ConfigureAwait(false) ? null : Refusal.Of(needed);
    }
}
