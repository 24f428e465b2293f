using Microsoft.AspNetCore.Http;
using Outbox.Dashboard.Pages.Markup;

namespace Outbox.Dashboard.Pages.Frame;

/// <summary>What a page shows.</summary>
/// <param name="Title">Its heading.</param>
/// <param name="Body">What stands below it.</param>
internal sealed record Page(string Title, Html Body)
{
    /// <summary>The entry of the menu that it belongs to; empty is the overview.</summary>
    public string? Tab { get; init; }

    public int Status { get; init; } = StatusCodes.Status200OK;

    /// <summary>Where the act that was asked for has led; the page itself is not shown then.</summary>
    public Link? Instead { get; init; }

    /// <summary>After how long it is read again, if it changes by itself.</summary>
    public TimeSpan? Refresh { get; init; }

    /// <summary>After an act: the browser asks for another page, so that to load it again does not act again.</summary>
    public static Page GoTo(Link link) => new("", Html.None) { Instead = link };
}
