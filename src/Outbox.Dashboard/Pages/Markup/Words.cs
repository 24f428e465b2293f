namespace Outbox.Dashboard.Pages.Markup;

/// <summary>Small pieces that many pages have.</summary>
internal static class Words
{
    public static Html A(Link link, string? text) => Html.Of($"<a href=\"{link}\">{text}</a>");

    public static Html Code(string? text) => string.IsNullOrEmpty(text) ? Html.None : Html.Of($"<code>{Visible.Short(text, 300)}</code>");

    /// <summary>A state, with its colour.</summary>
    /// <param name="tone">One of our own classes: <c>good</c>, <c>warn</c>, <c>bad</c>, <c>calm</c>.</param>
    /// <param name="text">Its name.</param>
    public static Html Tag(string tone, string text) => Html.Of($"<span class=\"tag {tone}\">{text}</span>");

    public static Html Unknown(string? why) => Html.Of($"<span class=\"unknown\" title=\"{why}\">unknown</span>");

    /// <summary>Names and values below each other; what is not there is left out.</summary>
    public static Html Facts(params IEnumerable<(string Name, Html Value)> facts) =>
        Html.Of($"<dl>{Html.Each(facts.Where(fact => !fact.Value.IsNone), fact => Html.Of($"<div><dt>{fact.Name}</dt><dd>{fact.Value}</dd></div>"))}</dl>");

    /// <summary>Where a list goes on.</summary>
    public static Html More(Link? first, Link? next) => first is null && next is null ? Html.None
        : Html.Of($"<p class=\"more\">{(first is { } begin ? A(begin, "First page") : Html.None)} {(next is { } link ? Html.Of($"<a href=\"{link}\" rel=\"next\">Next page</a>") : Html.None)}</p>");

    /// <summary>How many, where counting goes up to a limit.</summary>
    public static Html UpTo(long count, long limit) => Html.Of($"{Html.If(count >= limit, $"≥ ")}{count}");
}
