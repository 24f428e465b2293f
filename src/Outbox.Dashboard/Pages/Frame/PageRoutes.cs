using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Outbox.Dashboard.Access;
using Outbox.Dashboard.Mapping;

namespace Outbox.Dashboard.Pages.Frame;

/// <summary>Maps pages and acts.</summary>
internal static class PageRoutes
{
    public static void Show(this RouteGroupBuilder group, string route, Func<Visit, Task<Page>> page, Capability needs = Capability.Read) =>
        group.MapGet(route, Answer(http => AnswerAsync(http, route, page))).Needs(needs).ExcludeFromDescription();

    /// <summary>An act is a form that is sent; to look at its address shows what it would do.</summary>
    public static void Act(this RouteGroupBuilder group, string route, Capability needs, Func<Visit, Task<Page>> act, Func<Visit, Task<Page>>? ask = null)
    {
        group.MapPost(route, Answer(http => AnswerAsync(http, route, act))).Needs(needs).ExcludeFromDescription();
        if (ask is not null)
        {
            group.Show(route, ask, needs);
        }
    }

    /// <summary>As a <see cref="RequestDelegate"/>, which any function of a context becomes by itself, the result would be thrown away.</summary>
    public static Delegate Answer(Func<HttpContext, Task<IResult>> answer) => answer;

    private static async Task<IResult> AnswerAsync(HttpContext http, string route, Func<Visit, Task<Page>> answer)
    {
        if (HttpMethods.IsGet(http.Request.Method) && GoTo.Folder(http.Request, route.Length == 0) is { } elsewhere)
        {
            return elsewhere;
        }

        var visit = await Visit.OfAsync(http).ConfigureAwait(false);
        var page = await PageAsync(visit, answer).ConfigureAwait(false);
        return page.Instead is { } link ? GoTo.After(link) : new PageResult(visit.Away is null ? page.Status : StatusCodes.Status503ServiceUnavailable, Layout.Of(visit, page));
    }

    private static async Task<Page> PageAsync(Visit visit, Func<Visit, Task<Page>> answer)
    {
        try
        {
            return await answer(visit).ConfigureAwait(false);
        }
        catch (PageException error)
        {
            return Problem(error.Status, error.Title, error.Message);
        }
        catch (OutboxException error)
        {
            // Its words are for a person: a cursor of another list, or an act that the message's state does not allow.
            return HttpMethods.IsGet(visit.Http.Request.Method)
                ? Problem(StatusCodes.Status400BadRequest, "That cannot be asked for", error.Message)
                : Problem(StatusCodes.Status409Conflict, "Not done", error.Message);
        }
        catch (ArgumentException error)
        {
            return Problem(StatusCodes.Status400BadRequest, "That cannot be asked for", error.Message);
        }
    }

    private static Page Problem(int status, string title, string text) => new(title, Markup.Html.Of($"<p class=\"notice bad\" role=\"alert\">{text}</p>")) { Status = status };
}
