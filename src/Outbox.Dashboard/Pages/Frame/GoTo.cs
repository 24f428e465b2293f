using Microsoft.AspNetCore.Http;
using Outbox.Dashboard.Pages.Markup;

namespace Outbox.Dashboard.Pages.Frame;

/// <summary>Sends the browser to another page, by an address relative to this one.</summary>
internal sealed class GoTo(string address, int status) : IResult
{
    public static GoTo After(Link link) => new(link.ToString(), StatusCodes.Status303SeeOther);

    /// <summary>All pages lie in one folder. Where the address does not say so, the browser would look for them beside it.</summary>
    /// <returns><see langword="null"/> where it is as it should be.</returns>
    public static GoTo? Folder(HttpRequest request, bool isRoot)
    {
        var path = request.PathBase.Add(request.Path).ToUriComponent();
        return (isRoot, path.EndsWith('/')) switch
        {
            (true, false) => new GoTo($"./{path[(path.LastIndexOf('/') + 1)..]}/{request.QueryString}", StatusCodes.Status302Found),
            (false, true) => new GoTo($"../{path.TrimEnd('/')[(path.TrimEnd('/').LastIndexOf('/') + 1)..]}{request.QueryString}", StatusCodes.Status302Found),
            _ => null,
        };
    }

    public Task ExecuteAsync(HttpContext httpContext)
    {
        httpContext.Response.StatusCode = status;
        httpContext.Response.Headers.Location = address;
        return Task.CompletedTask;
    }
}
