using Microsoft.AspNetCore.Http;

namespace Outbox.Dashboard.Access;

/// <summary>
/// Tells requests of our own pages, and of programs, from those that a page of somebody else has a browser send with the person's cookies. It needs no token and no keys that hosts share:
/// browsers say where a request comes from (https://www.w3.org/TR/fetch-metadata/), and pages cannot change that.
/// </summary>
internal static class SameOrigin
{
    public static bool Allows(HttpRequest request)
    {
        if (HttpMethods.IsGet(request.Method) || HttpMethods.IsHead(request.Method))
        {
            return true;
        }

        if (request.Headers.TryGetValue("Sec-Fetch-Site", out var site))
        {
            return site is ["same-origin" or "none"];
        }

        // An address without TLS, or an old browser: it says at least the origin. A program says nothing.
        return !request.Headers.TryGetValue("Origin", out var origin)
            || (Uri.TryCreate(origin.ToString(), UriKind.Absolute, out var uri) && string.Equals(uri.Authority, Authority(request), StringComparison.OrdinalIgnoreCase));
    }

    /// <summary>Without the port that is the scheme's own, as an origin has it.</summary>
    private static string? Authority(HttpRequest request) => Uri.TryCreate($"{request.Scheme}://{request.Host.Value}", UriKind.Absolute, out var uri) ? uri.Authority : null;
}
