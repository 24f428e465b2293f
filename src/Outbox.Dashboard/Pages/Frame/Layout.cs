using Microsoft.Extensions.Options;
using Outbox.Dashboard.Pages.Markup;

namespace Outbox.Dashboard.Pages.Frame;

/// <summary>What stands around every page.</summary>
internal static class Layout
{
    public static Html Of(Visit visit, Page page)
    {
        var source = visit.Get<IOptions<OutboxOptions>>().Value.Source;
        return Html.Of($"""
            {Head(page, source)}
            <header>
            <a class="brand" href="{Link.To(Menu.Overview)}">Outbox <b>{source}</b></a>
            <form role="search" action="why"><label class="vh" for="q">A message's id, or an entity</label>
            <input id="q" name="q" type="search" required maxlength="500" autocomplete="off" placeholder="Message id, or type/id" value="{new Exact(page.Status == 200 ? visit.Query("q") : null)}"><button>Why?</button></form>
            {Menu.Of(page.Tab)}
            </header>
            <main id="main" tabindex="-1">
            {Notice(visit)}{Away(visit)}
            <h1>{page.Title}</h1>
            {page.Body}
            </main>
            <footer>{Times.Exact(visit.Now)}</footer>
            </body></html>
            """);
    }

    /// <summary>For those who may see nothing.</summary>
    public static Html Bare(string title, string text) => Html.Of($"{Head(new Page(title, Html.None), "")}<main id=\"main\" tabindex=\"-1\"><h1>{title}</h1><p>{text}</p></main></body></html>");

    private static Html Head(Page page, string source) => Html.Of($"""
        <!doctype html>
        <html lang="en"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width, initial-scale=1"><meta name="color-scheme" content="light dark"><meta name="robots" content="noindex">
        <title>{page.Title} · {source}</title>
        <link rel="stylesheet" href="{Assets.Style.Link}"><script src="{Assets.Script.Link}" defer></script>{Refresh(page.Refresh)}</head>
        <body{Html.If(page.Refresh is not null, $" data-refresh=\"{page.Refresh?.TotalSeconds ?? 0}\"")}><a class="skip" href="#main">To the content</a>
        """);

    /// <summary>With JavaScript the page waits for as long as nobody looks, or somebody types.</summary>
    private static Html Refresh(TimeSpan? after) => Html.If(after is not null, $"<noscript><meta http-equiv=\"refresh\" content=\"{after?.TotalSeconds ?? 0}\"></noscript>");

    private static Html Notice(Visit visit) => Notices.Text(visit.Query(Notices.Name)) is { } text ? Html.Of($"<p class=\"notice\" role=\"status\">{text}</p>") : Html.None;

    private static Html Away(Visit visit) => visit.Away is { } problem
        ? Html.Of($"<p class=\"notice bad\" role=\"alert\"><b>The database does not answer.</b> {problem} What is shown below as unknown is not known now.</p>")
        : Html.None;
}
