using System.Text;
using Microsoft.AspNetCore.Http;
using Outbox.Dashboard.Access;
using Outbox.Dashboard.Pages.Markup;

namespace Outbox.Dashboard.Pages.Frame;

/// <summary>Sends a page.</summary>
internal sealed class PageResult(int status, Html html) : IResult
{
    public static PageResult Refused(Refusal refusal) => new(StatusCodes.Status403Forbidden, Layout.Bare("Not for you", refusal.Text));

    public Task ExecuteAsync(HttpContext httpContext)
    {
        httpContext.Response.StatusCode = status;
        httpContext.Response.ContentType = "text/html; charset=utf-8";
        return httpContext.Response.WriteAsync(html.ToString(), Encoding.UTF8, httpContext.RequestAborted);
    }
}
