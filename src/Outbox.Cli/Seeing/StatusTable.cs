using System.Globalization;
using Outbox.Cli.Answers;
using Outbox.Operations.Seeing;

namespace Outbox.Cli.Seeing;

/// <summary>What <c>status</c> answers, as a person reads it.</summary>
internal sealed class StatusTable(Answer answer)
{
    public void Write(StatusAnswer seen)
    {
        answer.Line($"{seen.Database}: {seen.State.ToString().ToLowerInvariant()}", ToneOf(seen.State));
        foreach (var finding in seen.Findings)
        {
            answer.Line($"  {finding.Text}", ToneOf(finding.State));
        }

        answer.Line();
        answer.Table(
            Figures(seen),
            [
                new Column<(string Name, string Value, bool IsBad)>("what", figure => figure.Name),
                new("how much", figure => figure.Value) { Tone = figure => figure.IsBad ? Tone.Warning : Tone.Normal },
            ]);
        if (seen.Endpoints.Count > 0)
        {
            answer.Line();
            answer.Table(
                seen.Endpoints,
                [
                    new("endpoint", endpoint => endpoint.Endpoint),
                    new("instances", endpoint => endpoint.IsReadModel ? "read model" : Number(endpoint.Instances)) { Tone = endpoint => endpoint is { Instances: 0, IsReadModel: false } ? Tone.Bad : Tone.Normal },
                    new("failed", endpoint => Number(endpoint.Failed)) { Tone = endpoint => endpoint.Failed > 0 ? Tone.Warning : Tone.Normal },
                    new("unreadable", endpoint => Number(endpoint.Unreadable)) { Tone = endpoint => endpoint.Unreadable > 0 ? Tone.Warning : Tone.Normal },
                    new("waiting", endpoint => Number(endpoint.Waiting)),
                    new("overdue gaps", endpoint => Number(endpoint.OverdueGaps)) { Tone = endpoint => endpoint.OverdueGaps > 0 ? Tone.Warning : Tone.Normal },
                ]);
        }
    }

    private static IReadOnlyList<(string Name, string Value, bool IsBad)> Figures(StatusAnswer seen) =>
    [
        ("pending", seen.OldestAgeSeconds is { } age ? $"{Number(seen.Pending)}, the oldest {Ages.Of(TimeSpan.FromSeconds(age))} old" : Number(seen.Pending), false),
        ("parked, not published", Number(seen.Parked), seen.Parked > 0),
        ("parked, not processed", Number(seen.InboxParked), seen.InboxParked > 0),
        ("lanes with an owner", seen.Lanes is null ? "unknown" : $"{seen.Lanes - seen.LanesWithoutOwner.Count} of {seen.Lanes}, by {Number(seen.Relays)} {(seen.Relays == 1 ? "relay" : "relays")}", seen.LanesWithoutOwner.Count > 0),
        ("paused", seen.Unknown?.Contains("pauses") == true ? "unknown" : seen.Pauses.Count == 0 ? "nothing" : string.Join(", ", seen.Pauses.Select(pause => pause.Target)), seen.Pauses.Count > 0),
    ];

    private static string Number(long? number) => number?.ToString("N0", CultureInfo.InvariantCulture) ?? "unknown";

    private static Tone ToneOf(OverviewState state) => state switch
    {
        OverviewState.Unhealthy => Tone.Bad,
        OverviewState.Degraded => Tone.Warning,
        _ => Tone.Good,
    };
}
