using Outbox.Inbox;
using Outbox.Operations.Pausing;

namespace Outbox.Operations.Seeing;

/// <summary>An outbox and its inbox at one moment. <see langword="null"/> is what is not known (<see cref="Unknown"/> says why). Counts go up to <see cref="IOutboxOverview.MostCounted"/>.</summary>
/// <param name="At">When it was looked at.</param>
public sealed record Overview(DateTimeOffset At)
{
    /// <summary>How it is: as bad as the worst finding.</summary>
    public OverviewState State { get; init; }

    /// <summary>What is not as it should be, the worst first.</summary>
    public IReadOnlyList<OverviewFinding> Findings { get; init; } = [];

    /// <summary>About how many messages are not published, delayed ones included. It is estimated and has no limit.</summary>
    public long? Pending { get; init; }

    /// <summary>How many of them are delayed.</summary>
    public long? Delayed { get; init; }

    /// <summary>How long ago the oldest pending message was captured, delayed ones aside; <see langword="null"/> also if there is none.</summary>
    public TimeSpan? OldestAge { get; init; }

    /// <summary>About how many messages could not be published and wait for a person. It is estimated and has no limit.</summary>
    public long? Parked { get; init; }

    /// <summary>What could not be published, by topic.</summary>
    public IReadOnlyList<ParkedTotal>? OutboxParked { get; init; }

    /// <summary>What was consumed and is parked, by endpoint and reason; what only waits for its turn is there too.</summary>
    public IReadOnlyList<ParkedTotal>? InboxParked { get; init; }

    /// <summary>How many lanes there are.</summary>
    public int? Lanes { get; init; }

    /// <summary>The lanes that no relay has.</summary>
    public IReadOnlyList<int>? LanesWithoutOwner { get; init; }

    /// <summary>The relays that live, by their names.</summary>
    public IReadOnlyList<RelayStatus>? Relays { get; init; }

    /// <summary>What takes nothing, as those relays found that have lanes.</summary>
    public IReadOnlyList<ClosedPlace>? ClosedPlaces { get; init; }

    /// <summary>The endpoints, by their names.</summary>
    public IReadOnlyList<EndpointStatus>? Endpoints { get; init; }

    /// <summary>What is paused, what ends first first.</summary>
    public IReadOnlyList<Pause>? Pauses { get; init; }

    /// <summary>What is not known, and why.</summary>
    public IReadOnlyList<UnknownPart> Unknown { get; init; } = [];

    /// <summary>How many consumed messages wait for a person, because they could not be processed or read.</summary>
    public long? InboxForAPerson => InboxParked?.Where(total => total.Reason is ParkReason.Failed or ParkReason.Unreadable).Sum(total => total.Count);

    /// <summary>How many messages a second all relays published between an earlier look and this one; <see langword="null"/> if none of them has told of itself twice.</summary>
    public double? PublishedPerSecond(Overview earlier)
    {
        ArgumentNullException.ThrowIfNull(earlier);
        return RunningTotal.Rate(Totals(earlier), Totals(this));

        static IEnumerable<RunningTotal> Totals(Overview seen) => seen.Relays?.Select(relay => relay.Published).OfType<RunningTotal>() ?? [];
    }

    /// <summary>How many messages a second all endpoints came to the end of between an earlier look and this one; <see langword="null"/> if none of them has told of itself twice.</summary>
    /// <param name="earlier">The earlier look.</param>
    /// <param name="endpoint">Only this endpoint.</param>
    public double? ConsumedPerSecond(Overview earlier, string? endpoint = null)
    {
        ArgumentNullException.ThrowIfNull(earlier);
        return RunningTotal.Rate(Totals(earlier), Totals(this));

        IEnumerable<RunningTotal> Totals(Overview seen) => seen.Endpoints?.Where(status => endpoint is null || status.Endpoint == endpoint).SelectMany(status => status.Consumed) ?? [];
    }
}

/// <summary>Something that could not be found out.</summary>
/// <param name="Name">The part of <see cref="Overview"/>, in camelCase: <c>pending</c>, <c>delayed</c>, <c>oldestAge</c>, <c>parked</c>, <c>outboxParked</c>, <c>inboxParked</c>, <c>lanes</c>, <c>relays</c>, <c>endpoints</c>, <c>pauses</c>.</param>
/// <param name="Reason">Why.</param>
public sealed record UnknownPart(string Name, string Reason);

/// <summary>How much is parked in one place for one reason.</summary>
/// <param name="Place">The topic, of messages that could not be published; the endpoint, of those that were consumed.</param>
/// <param name="Reason">Why.</param>
/// <param name="Count">How many, up to <see cref="IOutboxOverview.MostCounted"/>.</param>
/// <param name="OldestAge">For how long the first of them has been parked.</param>
public sealed record ParkedTotal(string Place, ParkReason Reason, long Count, TimeSpan OldestAge);
