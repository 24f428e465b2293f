using Outbox.Operations.Pausing;
using Outbox.Operations.Seeing;

namespace Outbox.Cli.Seeing;

/// <summary>What <c>status</c> answers, as programs read it. Counts are bounded: what is at its limit is at least so much. What is not known in time is left out, and named.</summary>
/// <param name="Database">The database.</param>
/// <param name="At">When it was looked at, by the server's clock.</param>
internal sealed record StatusAnswer(string Database, DateTimeOffset At)
{
    public OverviewState State { get; init; }

    public IReadOnlyList<StatusFinding> Findings { get; init; } = [];

    public long? Pending { get; init; }

    public double? OldestAgeSeconds { get; init; }

    public long? Parked { get; init; }

    public long? InboxParked { get; init; }

    public int? Lanes { get; init; }

    public IReadOnlyList<int> LanesWithoutOwner { get; init; } = [];

    public int? Relays { get; init; }

    public IReadOnlyList<ClosedPlace> ClosedPlaces { get; init; } = [];

    public IReadOnlyList<EndpointRow> Endpoints { get; init; } = [];

    public IReadOnlyList<PauseStatus> Pauses { get; init; } = [];

    public IReadOnlyList<string>? Unknown { get; init; }

    public static StatusAnswer Of(string database, Overview seen) => new(database, seen.At)
    {
        State = seen.State,
        Findings = [.. seen.Findings.Select(StatusFinding.Of)],
        Pending = seen.Pending,
        OldestAgeSeconds = seen.OldestAge is { } age ? Math.Round(age.TotalSeconds, 1) : null,
        Parked = seen.Parked,
        InboxParked = seen.InboxForAPerson,
        Lanes = seen.Lanes,
        LanesWithoutOwner = seen.LanesWithoutOwner ?? [],
        Relays = seen.Relays?.Count(relay => relay.Lanes.Count > 0),
        ClosedPlaces = seen.ClosedPlaces ?? [],
        Endpoints = [.. (seen.Endpoints ?? []).Select(EndpointRow.Of)],
        Pauses = [.. (seen.Pauses ?? []).Select(PauseStatus.Of)],
        Unknown = seen.Unknown.Count == 0 ? null : [.. seen.Unknown.Select(part => part.Name)],
    };
}

/// <summary>What is not as it should be, with the command that shows more of it.</summary>
internal sealed record StatusFinding(OverviewState State, string Text)
{
    public static StatusFinding Of(OverviewFinding finding) => new(finding.State, finding.Code switch
    {
        OverviewCodes.Parked or OverviewCodes.InboxParked => $"{finding.Text.TrimEnd('.')}: outbox parked groups.",
        OverviewCodes.GapOverdue => $"{finding.Text.TrimEnd('.')}: outbox sequences list.",
        OverviewCodes.Old => $"{finding.Text} outbox why says of a message or an entity what keeps it back.",
        _ => finding.Text,
    });
}

/// <summary>One consumer of the service.</summary>
/// <param name="Endpoint">Its group.</param>
/// <param name="Instances">How many live.</param>
internal sealed record EndpointRow(string Endpoint, int Instances)
{
    public bool IsReadModel { get; init; }

    public long Failed { get; init; }

    public long Unreadable { get; init; }

    public long Waiting { get; init; }

    public long OverdueGaps { get; init; }

    public IReadOnlyList<EndpointFault> Faults { get; init; } = [];

    public static EndpointRow Of(EndpointStatus endpoint) => new(endpoint.Endpoint, endpoint.Instances)
    {
        IsReadModel = endpoint.IsReadModel,
        Failed = endpoint.Failed,
        Unreadable = endpoint.Unreadable,
        Waiting = endpoint.Waiting,
        OverdueGaps = endpoint.OverdueGaps,
        Faults = endpoint.Faults,
    };
}

/// <summary>Something that is paused.</summary>
internal sealed record PauseStatus(string Target, string Kind, string Name, DateTimeOffset Since, DateTimeOffset Until, string By, string Reason)
{
    public static PauseStatus Of(Pause pause) => new(
        pause.Target.ToString(), pause.Target.Kind.ToString().ToLowerInvariant(), pause.Target.Name, pause.Since, pause.Until, pause.By.ToString(), pause.Reason);
}
