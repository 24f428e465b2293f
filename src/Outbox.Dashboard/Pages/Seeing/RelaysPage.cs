using Outbox.Dashboard.Pages.Frame;
using Outbox.Dashboard.Pages.Markup;
using Outbox.Operations.Seeing;

namespace Outbox.Dashboard.Pages.Seeing;

/// <summary>Who publishes what, and what takes nothing.</summary>
internal static class RelaysPage
{
    public static async Task<Page> ShowAsync(Visit visit)
    {
        var overview = visit.Get<IOutboxOverview>();
        var (askedLanes, askedInstances) = (visit.AskAsync(ct => overview.ListLanesAsync(ct)), visit.AskAsync(ct => overview.ListInstancesAsync(ct)));
        var seen = await visit.AskAsync(ct => overview.ReadAsync(new OverviewRequest { QueryTimeout = visit.Options.QueryTimeout }, ct), longer: 2).ConfigureAwait(false);
        var (lanes, instances) = (await askedLanes.ConfigureAwait(false), await askedInstances.ConfigureAwait(false));
        return new Page("Relays and lanes", Html.Of($"""
            {(seen.Value?.ClosedPlaces is { } closed ? Closed(visit, closed) : Words.Unknown(seen.Problem ?? "It could not be found out what takes nothing."))}
            <section><h2>Lanes</h2>{(lanes.Value is { } ofLanes ? Lanes(visit, ofLanes) : Words.Unknown(lanes.Problem))}</section>
            <section><h2>Instances</h2>{(instances.Value is { } ofInstances ? Instances(visit, ofInstances) : Words.Unknown(instances.Problem))}</section>
            """)) { Tab = Menu.Relays };
    }

    private static Html Closed(Visit visit, IReadOnlyList<ClosedPlace> closed) => closed.Count == 0 ? Html.None : Html.Of($"""
        <section><h2>What takes nothing</h2><ol class="findings">
        {Html.Each(closed, place => Html.Of($"<li class=\"bad\"><p>{Visible.Short(place.ToString(), 200)}: {Visible.Short(place.Reason, 1_000)} <small>since {Times.At(place.Since, visit.Now)}</small></p></li>"))}
        </ol></section>
        """);

    private static Html Lanes(Visit visit, IReadOnlyList<LaneStatus> lanes) => Table.Of(
        "Lanes",
        lanes,
        "There are no lanes yet: nothing was ever published here.",
        new("Lane", lane => Html.Of($"{lane.Number}")) { IsNumber = true },
        new("Owner", lane => lane.Owner is { } owner ? Words.Code(owner) : Html.Of($"{Words.Tag("bad", "none")}{Html.If(lane.LastOwner is not null, $" last {Words.Code(lane.LastOwner)}")}")),
        new("Pending", lane => lane.Pending is { } pending ? Words.UpTo(pending, IOutboxOverview.MostCounted) : Words.Unknown("It could not be counted in time.")) { IsNumber = true },
        new("Epoch", lane => Html.Of($"{lane.Epoch}")) { IsNumber = true },
        new("Lease ends", lane => Times.At(lane.ExpiresAt, visit.Now)));

    private static Html Instances(Visit visit, IReadOnlyList<InstanceStatus> instances) => Table.Of(
        "Instances",
        instances,
        "No process has shown itself.",
        new("Instance", instance => Html.Of($"{Words.Code(instance.Name)} {(instance.IsAlive ? Words.Tag("good", "alive") : Words.Tag("calm", "gone"))}")),
        new("Lanes", instance => Html.Of($"{string.Join(", ", instance.Lanes.Take(64))}")),
        new("Endpoints", instance => Html.Join(instance.Endpoints.Take(20).Select(endpoint => Words.Code(endpoint)), $" ")),
        new("Relay seen", instance => Times.At(instance.RelaySeenAt, visit.Now)),
        new("Alive until", instance => Times.At(instance.AliveUntil, visit.Now)));
}
