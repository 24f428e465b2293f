using Outbox.Dashboard.Access;
using Outbox.Dashboard.Pages.Acts;
using Outbox.Dashboard.Pages.Frame;
using Outbox.Dashboard.Pages.Markup;
using Outbox.Operations.Pausing;
using Outbox.Operations.Seeing;

namespace Outbox.Dashboard.Pages.Seeing;

/// <summary>What the service consumes.</summary>
internal static class EndpointsPage
{
    public static async Task<Page> ShowAsync(Visit visit)
    {
        var asked = visit.AskAsync(ct => visit.Get<IOutboxOverview>().ListEndpointsAsync(ct));
        var pauses = await visit.AskAsync(ct => visit.Get<IPauses>().ListPausesAsync(ct)).ConfigureAwait(false);
        var endpoints = await asked.ConfigureAwait(false);
        return new Page("Endpoints", endpoints.Value is { } known ? Rows(visit, known, pauses.Value ?? []) : Words.Unknown(endpoints.Problem)) { Tab = Menu.Endpoints };
    }

    public static Html Rows(Visit visit, IReadOnlyList<EndpointStatus> endpoints, IReadOnlyList<Pause> pauses) => Table.Of(
        "Endpoints",
        endpoints,
        "Nothing consumes here.",
        new("Endpoint", endpoint => Html.Of($"{Words.Code(endpoint.Endpoint)} {State(endpoint, pauses)}")),
        new("Topics", endpoint => Html.Join(endpoint.Topics.Take(5).Select(topic => Words.Code(topic)), $" ")),
        new("Instances", endpoint => Html.Of($"{endpoint.Instances}")) { IsNumber = true },
        new("Partitions", endpoint => Html.Of($"{endpoint.Partitions}")) { IsNumber = true },
        new("Lag", endpoint => endpoint.Lag is { } lag ? Html.Of($"{lag}") : Words.Unknown("No instance knows.")) { IsNumber = true },
        new("Consumed", endpoint => Times.At(endpoint.LastConsumedAt, visit.Now)),
        new("Failed", endpoint => Count(endpoint, "failed", endpoint.Failed + endpoint.Unreadable)) { IsNumber = true },
        new("Waiting", endpoint => Waiting(endpoint)) { IsNumber = true },
        new("Act", endpoint => Act(visit, endpoint, pauses)));

    private static Html State(EndpointStatus endpoint, IReadOnlyList<Pause> pauses) => Html.Of($"""
        {Html.If(endpoint.IsReadModel, $"{Words.Tag("", "read model")}")}{Html.If(endpoint is { Instances: 0, IsReadModel: false }, $"{Words.Tag("bad", "no instance")}")}{Html.If(PauseOf(endpoint, pauses) is not null, $"{Words.Tag("warn", "paused")}")}
        {Html.Each(endpoint.Faults, fault => Html.Of($"<span class=\"error\">{Visible.Short(fault.Reason, 300)}</span>"))}
        """);

    private static Html Count(EndpointStatus endpoint, string reason, long count) => count == 0 ? Html.Of($"0")
        : Html.Of($"<a href=\"{new Filter(Side.Inbox, false, name => name == "endpoint" ? endpoint.Endpoint : name == "reason" ? reason : null).Link(Menu.Parked)}\">{Words.UpTo(count, IOutboxOverview.MostCounted)}</a>");

    private static Html Waiting(EndpointStatus endpoint) => endpoint.Waiting == 0 ? Html.Of($"0") : Html.Of(
        $"<a href=\"{Link.To(Menu.Sequences, ("endpoint", endpoint.Endpoint))}\">{Words.UpTo(endpoint.Waiting, IOutboxOverview.MostCounted)}</a>{Html.If(endpoint.OverdueGaps > 0, $" {Words.Tag("bad", "overdue")}")}");

    private static Html Act(Visit visit, EndpointStatus endpoint, IReadOnlyList<Pause> pauses) => !visit.May(Capability.Operate) ? Html.None
        : PauseOf(endpoint, pauses) is { } pause ? Html.Of($"<a class=\"button\" href=\"{PauseActs.Resume(pause.Target)}\">Resume…</a>")
        : Html.Of($"<a class=\"button\" href=\"{Link.To(Menu.Pauses, ("kind", "endpoint"), ("name", endpoint.Endpoint))}\">Pause…</a>");

    private static Pause? PauseOf(EndpointStatus endpoint, IReadOnlyList<Pause> pauses) => pauses.FirstOrDefault(pause => pause.Target.Kind == PauseKind.Endpoint && pause.Target.Name == endpoint.Endpoint);
}
