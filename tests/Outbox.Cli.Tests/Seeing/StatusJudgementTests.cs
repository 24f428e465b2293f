using Outbox.Cli.Seeing;

namespace Outbox.Cli.Tests.Seeing;

public sealed class StatusJudgementTests
{
    private static readonly DateTimeOffset At = new(2026, 11, 26, 5, 30, 0, TimeSpan.Zero);
    private static readonly StatusAnswer Fine = new("orders", At) { Lanes = 8, Relays = 1, Pending = 3, OldestAgeSeconds = 1 };
    private static readonly PauseStatus Pause = new("topic orders", "topic", "orders", At, At.AddHours(1), "anna (claimed)", "a test");

    [Fact]
    public void What_is_as_it_should_be_is_healthy() => Assert.Equal(Health.Healthy, Judge(Fine).State);

    [Fact]
    public void Lanes_without_an_owner_are_unhealthy_as_soon_as_something_is_pending()
    {
        Assert.Equal(Health.Unhealthy, Judge(Fine with { LanesWithoutOwner = [3] }).State);
        Assert.Equal(Health.Degraded, Judge(Fine with { LanesWithoutOwner = [3], Pending = 0, OldestAgeSeconds = null }).State);
        Assert.Contains("No relay runs", Judge(Fine with { LanesWithoutOwner = [0, 1, 2, 3, 4, 5, 6, 7] }).Findings[0].Text);
    }

    [Fact]
    public void A_service_that_only_consumes_needs_no_relay() =>
        Assert.Equal(Health.Healthy, Judge(Fine with { LanesWithoutOwner = [0, 1, 2, 3, 4, 5, 6, 7], Pending = 0, OldestAgeSeconds = null }).State);

    [Theory]
    [InlineData(59, Health.Healthy)]
    [InlineData(61, Health.Degraded)]
    [InlineData(301, Health.Unhealthy)]
    internal void The_age_of_the_oldest_says_whether_messages_get_through(double age, Health state) => Assert.Equal(state, Judge(Fine with { OldestAgeSeconds = age }).State);

    [Fact]
    public void What_waits_because_somebody_paused_it_pages_nobody() =>
        Assert.Equal(Health.Degraded, Judge(Fine with { OldestAgeSeconds = 4_000, Pauses = [Pause] }).State);

    [Fact]
    public void What_waits_for_a_person_is_degraded_and_the_worst_comes_first()
    {
        var judged = Judge(Fine with
        {
            Parked = 1,
            LanesWithoutOwner = [1],
            Endpoints = [new EndpointStatus("billing", 0) { Failed = 2, OverdueGaps = 1 }],
            Pauses = [Pause],
        });

        Assert.Equal(Health.Unhealthy, judged.State);
        Assert.Equal(
            [Health.Unhealthy, Health.Degraded, Health.Degraded, Health.Degraded, Health.Degraded, Health.Degraded], judged.Findings.Select(finding => finding.State));
        Assert.Contains("1 message could not be published", judged.Findings[1].Text);
    }

    [Fact]
    public void A_closed_topic_is_degraded_and_a_closed_cluster_unhealthy()
    {
        Assert.Equal(Health.Degraded, Judge(Fine with { ClosedPlaces = [new ClosedPlace("orders", null, "There is no such topic.", At)] }).State);
        Assert.Equal(Health.Unhealthy, Judge(Fine with { ClosedPlaces = [new ClosedPlace(null, null, "No broker answers.", At)] }).State);
        Assert.Contains("Partition 3 of topic orders has taken nothing", Judge(Fine with { ClosedPlaces = [new ClosedPlace("orders", 3, "Gone.", At)] }).Findings[0].Text);
    }

    [Fact]
    public void An_endpoint_that_says_what_keeps_it_back_is_degraded() => Assert.Contains(
        "No broker answers.", Assert.Single(Judge(Fine with { Endpoints = [new EndpointStatus("billing", 1) { Faults = [new EndpointFault("No broker answers.", At)] }] }).Findings).Text);

    private static StatusAnswer Judge(StatusAnswer seen) => new StatusJudgement(TimeSpan.FromMinutes(1), TimeSpan.FromMinutes(5)).Judge(seen);
}
