using Outbox.Dashboard.Pages.Acts;
using Outbox.Dashboard.Pages.Frame;
using Outbox.Dashboard.Pages.Markup;
using Outbox.Operations.Seeing;

namespace Outbox.Dashboard.Pages.Seeing;

/// <summary>How it is: what is wrong first, then what waits and how fast it goes.</summary>
internal static class OverviewPage
{
    public static async Task<Page> ShowAsync(Visit visit)
    {
        var sampler = visit.Get<OverviewSampler>();
        sampler.Visit();

        // It bounds each of its queries itself, and says what it does not know.
        var found = await visit.AskAsync(ct => visit.Get<IOutboxOverview>().ReadAsync(sampler.Request, ct), longer: 2).ConfigureAwait(false);
        if (found.Value is not { } seen)
        {
            return new Page("Overview", Words.Unknown(found.Problem)) { Tab = Menu.Overview, Refresh = SampleSeries.Interval };
        }

        if (seen is { Pending: null, Parked: null, Lanes: null, Relays: null, Endpoints: null, Pauses: null })
        {
            visit.IsAway(seen.Unknown.Select(part => part.Reason).FirstOrDefault() ?? "");
        }

        var last = sampler.Series.Add(seen);
        return new Page("Overview", Html.Of($"""
            {Findings(seen)}
            {OverviewCards.Of(seen, last, sampler.Series.All())}
            {OverviewTables.Of(visit, seen)}
            """)) { Tab = Menu.Overview, Refresh = SampleSeries.Interval };
    }

    private static Html Findings(Overview seen) => Html.Of($"""
        <p class="state">{State(seen.State)}</p>
        {Html.If(seen.Findings.Count > 0, $"<ol class=\"findings\">{Html.Each(seen.Findings, Finding)}</ol>")}
        """);

    private static Html State(OverviewState state) => state switch
    {
        OverviewState.Healthy => Words.Tag("good", "healthy: messages get through"),
        OverviewState.Degraded => Words.Tag("warn", "degraded: somebody should look"),
        _ => Words.Tag("bad", "unhealthy: messages do not get through"),
    };

    private static Html Finding(OverviewFinding finding) => Html.Of($"""
        <li class="{(finding.State == OverviewState.Unhealthy ? "bad" : finding.State == OverviewState.Degraded ? "warn" : "calm")}"><p>{Visible.Short(finding.Text, 1_000)} {Look(finding)}</p></li>
        """);

    private static Html Look(OverviewFinding finding) => finding.Code switch
    {
        OverviewCodes.LanesUnowned or OverviewCodes.NoRelay or OverviewCodes.PlaceClosed or OverviewCodes.Old => Words.A(Link.To(Menu.Relays), "Relays"),
        OverviewCodes.Parked => Words.A(Link.To(Menu.Failures, ("side", "outbox")), "By cause"),
        OverviewCodes.InboxParked => Words.A(Link.To(Menu.Failures, ("side", "inbox")), "By cause"),
        OverviewCodes.GapOverdue => Words.A(Link.To(Menu.Sequences, ("endpoint", finding.Endpoint)), "Sequences"),
        OverviewCodes.EndpointFaulted or OverviewCodes.EndpointGone => Words.A(Link.To(Menu.Endpoints), "Endpoints"),
        OverviewCodes.Paused => Words.A(Link.To(Menu.Pauses), "Pauses"),
        _ => Html.None,
    };
}
