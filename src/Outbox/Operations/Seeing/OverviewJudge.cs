using System.Globalization;
using Outbox.Operations.Pausing;

namespace Outbox.Operations.Seeing;

/// <summary>Says whether what was seen is as it should be. Every face shows what it says.</summary>
internal static class OverviewJudge
{
    public static Overview Judge(Overview seen, OverviewRequest request)
    {
        IReadOnlyList<OverviewFinding> findings =
        [
            .. Relaying(seen).Concat(Closed(seen)).Concat(Waiting(seen, request)).Concat(Parked(seen)).Concat(Consuming(seen)).Concat(Paused(seen)).Concat(Unknown(seen))
                .OrderByDescending(finding => finding.State),
        ];
        return seen with { Findings = findings, State = findings.Count == 0 ? OverviewState.Healthy : findings[0].State };
    }

    private static IEnumerable<OverviewFinding> Relaying(Overview seen)
    {
        if (seen.LanesWithoutOwner is not { Count: > 0 } unowned)
        {
            yield break;
        }

        // A service that only consumes has lanes and no relay.
        var state = seen.Pending > 0 ? OverviewState.Unhealthy : OverviewState.Degraded;
        if (unowned.Count < seen.Lanes)
        {
            yield return new OverviewFinding(
                state, OverviewCodes.LanesUnowned, $"{(unowned.Count == 1 ? "Lane" : "Lanes")} {string.Join(", ", unowned)} of {seen.Lanes} have no owner: nobody publishes their messages.");
        }
        else if (seen.Pending > 0)
        {
            yield return new OverviewFinding(state, OverviewCodes.NoRelay, "No relay runs: nobody publishes what is pending. Start the service, or the process that relays for it.");
        }
    }

    private static IEnumerable<OverviewFinding> Closed(Overview seen) => (seen.ClosedPlaces ?? []).Select(place => new OverviewFinding(
        place.Topic is null ? OverviewState.Unhealthy : OverviewState.Degraded, OverviewCodes.PlaceClosed, $"{place} has taken nothing since {Ages.Exact(place.Since)}: {place.Reason}")
    {
        Topic = place.Topic,
    });

    private static IEnumerable<OverviewFinding> Waiting(Overview seen, OverviewRequest request)
    {
        if (seen.OldestAge is not { } age || age <= request.DegradedAge)
        {
            yield break;
        }

        // Whoever paused it knows that it waits.
        var isPaused = seen.Pauses?.Any(pause => pause.Target.Kind is PauseKind.Relay or PauseKind.Topic) ?? false;
        yield return new OverviewFinding(
            age > request.UnhealthyAge && !isPaused ? OverviewState.Unhealthy : OverviewState.Degraded, OverviewCodes.Old, $"The oldest pending message was captured {Ages.Of(age)} ago.");
    }

    private static IEnumerable<OverviewFinding> Parked(Overview seen)
    {
        if (seen.Parked > 0)
        {
            yield return new OverviewFinding(OverviewState.Degraded, OverviewCodes.Parked, $"{Counted(seen.Parked.Value)} could not be published.");
        }

        if (seen.InboxForAPerson is { } failed and > 0)
        {
            yield return new OverviewFinding(OverviewState.Degraded, OverviewCodes.InboxParked, $"{Counted(failed)} could not be processed.");
        }
    }

    private static IEnumerable<OverviewFinding> Consuming(Overview seen) => (seen.Endpoints ?? []).SelectMany(Consuming);

    private static IEnumerable<OverviewFinding> Consuming(EndpointStatus endpoint)
    {
        if (endpoint.OverdueGaps > 0)
        {
            yield return Of(OverviewCodes.GapOverdue, $"Endpoint {endpoint.Endpoint} waits past the deadline for missing versions.");
        }

        foreach (var fault in endpoint.Faults)
        {
            yield return Of(OverviewCodes.EndpointFaulted, $"Endpoint {endpoint.Endpoint} has consumed nothing since {Ages.Exact(fault.Since)}: {fault.Reason}");
        }

        if (endpoint is { Instances: 0, IsReadModel: false })
        {
            yield return Of(OverviewCodes.EndpointGone, $"No instance of endpoint {endpoint.Endpoint} runs.");
        }

        OverviewFinding Of(string code, string text) => new(OverviewState.Degraded, code, text) { Endpoint = endpoint.Endpoint };
    }

    private static IEnumerable<OverviewFinding> Paused(Overview seen) => (seen.Pauses ?? []).Select(pause => new OverviewFinding(
        OverviewState.Degraded, OverviewCodes.Paused, $"{Capitalised(pause.Target.ToString())} is paused by {pause.By} until {Ages.Exact(pause.Until)}: {pause.Reason}")
    {
        Topic = pause.Target.Kind == PauseKind.Topic ? pause.Target.Name : null,
        Endpoint = pause.Target.Kind == PauseKind.Endpoint ? pause.Target.Name : null,
    });

    private static IEnumerable<OverviewFinding> Unknown(Overview seen) =>
        seen.Unknown.Select(part => new OverviewFinding(OverviewState.Degraded, OverviewCodes.Unknown, $"Not known is {part.Name}: it {part.Reason}."));

    private static string Counted(long count) => string.Create(CultureInfo.InvariantCulture, $"{count:N0} message{(count == 1 ? "" : "s")}");

    private static string Capitalised(string text) => char.ToUpperInvariant(text[0]) + text[1..];
}
