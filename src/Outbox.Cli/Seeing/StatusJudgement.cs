using Outbox.Cli.Answers;

namespace Outbox.Cli.Seeing;

/// <summary>Says whether what was seen is as it should be.</summary>
/// <param name="Degraded">The age of the oldest pending message from which somebody should look.</param>
/// <param name="Unhealthy">The age from which messages do not get through.</param>
internal sealed record StatusJudgement(TimeSpan Degraded, TimeSpan Unhealthy)
{
    public StatusAnswer Judge(StatusAnswer seen)
    {
        IReadOnlyList<StatusFinding> findings = [.. Relaying(seen).Concat(Closed(seen)).Concat(Waiting(seen)).Concat(Parked(seen)).Concat(Consuming(seen)).Concat(Paused(seen)).OrderByDescending(finding => finding.State)];
        return seen with { Findings = findings, State = findings.Count == 0 ? Health.Healthy : findings[0].State };
    }

    private static IEnumerable<StatusFinding> Relaying(StatusAnswer seen)
    {
        if (seen.LanesWithoutOwner.Count == 0)
        {
            yield break;
        }

        // A service that only consumes has lanes and no relay.
        var state = seen.Pending > 0 ? Health.Unhealthy : Health.Degraded;
        if (seen.LanesWithoutOwner.Count < seen.Lanes)
        {
            yield return new StatusFinding(state, $"{(seen.LanesWithoutOwner.Count == 1 ? "Lane" : "Lanes")} {string.Join(", ", seen.LanesWithoutOwner)} of {seen.Lanes} have no owner: nobody publishes their messages.");
        }
        else if (seen.Pending > 0)
        {
            yield return new StatusFinding(state, "No relay runs: nobody publishes what is pending. Start the service, or the process that relays for it.");
        }
    }

    private static IEnumerable<StatusFinding> Closed(StatusAnswer seen) => seen.ClosedPlaces.Select(place => new StatusFinding(
        place.Topic is null ? Health.Unhealthy : Health.Degraded, $"{place} has taken nothing since {Ages.Exact(place.Since)}: {place.Reason}"));

    private IEnumerable<StatusFinding> Waiting(StatusAnswer seen)
    {
        if (seen.OldestAgeSeconds is not { } seconds || TimeSpan.FromSeconds(seconds) is var age && age <= Degraded)
        {
            yield break;
        }

        // Whoever paused it knows that it waits.
        var isPaused = seen.Pauses.Any(pause => pause.Kind is "relay" or "topic");
        yield return new StatusFinding(
            age > Unhealthy && !isPaused ? Health.Unhealthy : Health.Degraded, $"The oldest pending message was captured {Ages.Of(age)} ago. outbox why says of a message or an entity what keeps it back.");
    }

    private static IEnumerable<StatusFinding> Parked(StatusAnswer seen)
    {
        if (seen.Parked > 0)
        {
            yield return new StatusFinding(Health.Degraded, $"{Counted(seen.Parked, "message")} could not be published: outbox parked groups.");
        }

        if (seen.Endpoints.Sum(endpoint => endpoint.Failed + endpoint.Unreadable) is var failed and > 0)
        {
            yield return new StatusFinding(Health.Degraded, $"{Counted(failed, "message")} could not be processed: outbox parked groups.");
        }
    }

    private static IEnumerable<StatusFinding> Consuming(StatusAnswer seen)
    {
        foreach (var endpoint in seen.Endpoints)
        {
            if (endpoint.OverdueGaps > 0)
            {
                yield return new StatusFinding(Health.Degraded, $"Endpoint {endpoint.Endpoint} waits past the deadline for missing versions: outbox sequences list.");
            }

            foreach (var fault in endpoint.Faults)
            {
                yield return new StatusFinding(Health.Degraded, $"Endpoint {endpoint.Endpoint} has consumed nothing since {Ages.Exact(fault.Since)}: {fault.Reason}");
            }

            if (endpoint.Instances == 0)
            {
                yield return new StatusFinding(Health.Degraded, $"No instance of endpoint {endpoint.Endpoint} runs.");
            }
        }
    }

    private static IEnumerable<StatusFinding> Paused(StatusAnswer seen) =>
        seen.Pauses.Select(pause => new StatusFinding(Health.Degraded, $"{Capitalised(pause.Target)} is paused by {pause.By} until {Ages.Exact(pause.Until)}: {pause.Reason}"));

    private static string Counted(long count, string what) => string.Create(System.Globalization.CultureInfo.InvariantCulture, $"{count:N0} {what}{(count == 1 ? "" : "s")}");

    private static string Capitalised(string text) => text.Length == 0 ? text : char.ToUpperInvariant(text[0]) + text[1..];
}
