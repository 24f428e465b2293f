using Outbox.Inbox;
using Outbox.Operations;
using Outbox.Operations.Pausing;
using Outbox.Operations.Seeing;

namespace Outbox.Tests.Operations;

public sealed class OverviewJudgeTests
{
    private static readonly DateTimeOffset At = new(2026, 11, 26, 5, 30, 0, TimeSpan.Zero);
    private static readonly Overview Fine = new(At) { Lanes = 8, Pending = 3, OldestAge = TimeSpan.FromSeconds(1) };
    private static readonly Pause Paused = new(PauseTarget.Topic("orders"), At, At.AddHours(1), Actor.Claimed("anna"), "a test");

    [Fact]
    public void What_is_as_it_should_be_is_healthy() => Assert.Equal(OverviewState.Healthy, Judge(Fine).State);

    [Fact]
    public void Lanes_without_an_owner_are_unhealthy_as_soon_as_something_is_pending()
    {
        Assert.Equal(OverviewState.Unhealthy, Judge(Fine with { LanesWithoutOwner = [3] }).State);
        Assert.Equal(OverviewState.Degraded, Judge(Fine with { LanesWithoutOwner = [3], Pending = 0, OldestAge = null }).State);
        Assert.Contains("No relay runs", Judge(Fine with { LanesWithoutOwner = [0, 1, 2, 3, 4, 5, 6, 7] }).Findings[0].Text);
    }

    [Fact]
    public void A_service_that_only_consumes_needs_no_relay() =>
        Assert.Equal(OverviewState.Healthy, Judge(Fine with { LanesWithoutOwner = [0, 1, 2, 3, 4, 5, 6, 7], Pending = 0, OldestAge = null }).State);

    [Theory]
    [InlineData(59, OverviewState.Healthy)]
    [InlineData(61, OverviewState.Degraded)]
    [InlineData(301, OverviewState.Unhealthy)]
    internal void The_age_of_the_oldest_says_whether_messages_get_through(double age, OverviewState state) => Assert.Equal(state, Judge(Fine with { OldestAge = TimeSpan.FromSeconds(age) }).State);

    [Fact]
    public void What_waits_because_somebody_paused_it_pages_nobody() =>
        Assert.Equal(OverviewState.Degraded, Judge(Fine with { OldestAge = TimeSpan.FromSeconds(4_000), Pauses = [Paused] }).State);

    [Fact]
    public void What_waits_for_a_person_is_degraded_and_the_worst_comes_first()
    {
        var judged = Judge(Fine with
        {
            Parked = 1,
            LanesWithoutOwner = [1],
            Endpoints = [new EndpointStatus("billing", 0) { Failed = 2, OverdueGaps = 1 }],
            InboxParked = [new ParkedTotal("billing", ParkReason.Failed, 2, TimeSpan.Zero), new ParkedTotal("billing", ParkReason.Gap, 7, TimeSpan.Zero)],
            Pauses = [Paused],
        });

        Assert.Equal(OverviewState.Unhealthy, judged.State);
        Assert.Equal(
            [OverviewState.Unhealthy, OverviewState.Degraded, OverviewState.Degraded, OverviewState.Degraded, OverviewState.Degraded, OverviewState.Degraded], judged.Findings.Select(finding => finding.State));
        Assert.Contains("1 message could not be published", judged.Findings[1].Text);
        Assert.Equal(
            [OverviewCodes.LanesUnowned, OverviewCodes.Parked, OverviewCodes.InboxParked, OverviewCodes.GapOverdue, OverviewCodes.EndpointGone, OverviewCodes.Paused], judged.Findings.Select(finding => finding.Code));
        Assert.Equal("2 messages could not be processed.", judged.Findings[2].Text);
    }

    [Fact]
    public void A_closed_topic_is_degraded_and_a_closed_cluster_unhealthy()
    {
        Assert.Equal(OverviewState.Degraded, Judge(Fine with { ClosedPlaces = [new ClosedPlace("orders", null, "There is no such topic.", At)] }).State);
        Assert.Equal(OverviewState.Unhealthy, Judge(Fine with { ClosedPlaces = [new ClosedPlace(null, null, "No broker answers.", At)] }).State);
        Assert.Contains("Partition 3 of topic orders has taken nothing", Judge(Fine with { ClosedPlaces = [new ClosedPlace("orders", 3, "Gone.", At)] }).Findings[0].Text);
    }

    [Fact]
    public void An_endpoint_that_says_what_keeps_it_back_is_degraded() => Assert.Contains(
        "No broker answers.", Assert.Single(Judge(Fine with { Endpoints = [new EndpointStatus("billing", 1) { Faults = [new EndpointFault("No broker answers.", At)] }] }).Findings).Text);

    [Fact]
    public void What_is_not_known_is_not_taken_for_nothing()
    {
        var judged = Judge(new Overview(At) { Unknown = [new UnknownPart("pending", "took longer than 00:00:02")] });

        Assert.Equal((OverviewState.Degraded, OverviewCodes.Unknown), (judged.State, Assert.Single(judged.Findings).Code));
        Assert.Null(judged.InboxForAPerson);
    }

    [Fact]
    public void Two_looks_give_a_rate_and_a_relay_that_started_between_them_counts_for_none()
    {
        var earlier = new Overview(At) { Relays = [Relay("a", At, 100, 10), Relay("b", At, 50, 10)] };

        Assert.Equal(35, With(Relay("a", At, 300, 20), Relay("b", At, 200, 20)).PublishedPerSecond(earlier));
        Assert.Equal(20, With(Relay("a", At, 300, 20), Relay("b", At.AddSeconds(12), 40, 20)).PublishedPerSecond(earlier));
        Assert.Null(earlier.PublishedPerSecond(earlier));
        Assert.Null(earlier.ConsumedPerSecond(earlier));
    }

    private static Overview With(params RelayStatus[] relays) => new(At) { Relays = relays };

    private static RelayStatus Relay(string name, DateTimeOffset since, long count, int at) => new(name, At) { Published = new RunningTotal(name, since, count, At.AddSeconds(at)) };

    private static Overview Judge(Overview seen) => OverviewJudge.Judge(seen, new OverviewRequest());
}
