using Outbox.Dashboard.Pages.Acts;
using Outbox.Dashboard.Pages.Frame;
using Outbox.Dashboard.Pages.Markup;
using Outbox.Operations.Pausing;
using Outbox.Operations.Seeing;

namespace Outbox.Dashboard.Pages.Seeing;

/// <summary>What the figures consist of.</summary>
internal static class OverviewTables
{
    public static Html Of(Visit visit, Overview seen) => Html.Of($"""
        {Parked(seen, "Consumed, and parked", Side.Inbox, seen.InboxParked)}
        {Parked(seen, "Not published", Side.Outbox, seen.OutboxParked)}
        {Html.If(seen.Endpoints is { Count: > 0 }, $"<section><h2>Endpoints</h2>{EndpointsPage.Rows(visit, seen.Endpoints ?? [], seen.Pauses ?? [])}</section>")}
        {Pauses(visit, seen.Pauses)}
        """);

    private static Html Parked(Overview seen, string title, Side side, IReadOnlyList<ParkedTotal>? totals) => totals is not { Count: > 0 } ? Html.None : Html.Of($"""
        <section><h2>{title}</h2>
        {Table.Of(
            title,
            totals,
            "",
            new(side == Side.Inbox ? "Endpoint" : "Topic", total => Words.Code(total.Place)),
            new("Why", total => Html.Of($"{total.Reason.ToString().ToLowerInvariant()}")),
            new("Messages", total => Html.Of($"<a href=\"{Choose(side, total).Link(Menu.Parked)}\">{Words.UpTo(total.Count, IOutboxOverview.MostCounted)}</a>")) { IsNumber = true },
            new("Oldest", total => Times.At(seen.At - total.OldestAge, seen.At)))}
        </section>
        """);

    private static Filter Choose(Side side, ParkedTotal total) => new(side, false, name => (side, name) switch
    {
        (Side.Inbox, "endpoint") or (Side.Outbox, "topic") => total.Place,
        (Side.Inbox, "reason") => total.Reason.ToString().ToLowerInvariant(),
        _ => null,
    });

    private static Html Pauses(Visit visit, IReadOnlyList<Pause>? pauses) => pauses is not { Count: > 0 } ? Html.None : Html.Of($"""
        <section><h2>Paused</h2>
        <ul>{Html.Each(pauses, pause => Html.Of($"<li>{Visible.Short(pause.Target.ToString(), 200)}, ends {Times.At(pause.Until, visit.Now)}: {Visible.Short(pause.Reason, 300)}</li>"))}</ul></section>
        """);
}
