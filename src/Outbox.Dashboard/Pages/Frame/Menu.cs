using Outbox.Dashboard.Pages.Markup;

namespace Outbox.Dashboard.Pages.Frame;

/// <summary>The pages that one can always go to.</summary>
internal static class Menu
{
    public const string Overview = "";
    public const string Failures = "failures";
    public const string Parked = "parked";
    public const string Sequences = "sequences";
    public const string Endpoints = "endpoints";
    public const string Relays = "relays";
    public const string Pauses = "pauses";
    public const string Operations = "operations";
    public const string Audit = "audit";

    private static readonly string[] Pages = [Overview, Failures, Parked, Sequences, Endpoints, Relays, Pauses, Operations, Audit];

    public static Html Of(string? current) => Html.Of($"<nav aria-label=\"Pages\"><ul>{Html.Each(Pages, page => Entry(page, page == current))}</ul></nav>");

    private static Html Entry(string page, bool isCurrent) =>
        Html.Of($"<li><a href=\"{Link.To(page)}\"{Html.If(isCurrent, $" aria-current=\"page\"")}>{(page.Length == 0 ? "Overview" : char.ToUpperInvariant(page[0]) + page[1..])}</a></li>");
}
