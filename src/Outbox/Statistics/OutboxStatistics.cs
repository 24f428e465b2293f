namespace Outbox.Statistics;

/// <summary>What there was in the store at one moment; <see langword="null"/> is what is not known.</summary>
internal sealed record OutboxStatistics
{
    /// <summary>About how many messages are not published, delayed ones included.</summary>
    public long? Pending { get; init; }

    /// <summary>How many of them are delayed, counted up to a limit.</summary>
    public long? Delayed { get; init; }

    /// <summary>How long ago the oldest pending message was captured, delayed ones aside; zero if there is none.</summary>
    public TimeSpan? OldestAge { get; init; }

    /// <summary>What is parked, on both sides.</summary>
    public IReadOnlyList<ParkedCount>? Parked { get; init; }

    /// <summary>What waits for an earlier version of its entity, by endpoint.</summary>
    public IReadOnlyList<ParkedCount>? Gaps { get; init; }

    /// <summary>How many lanes no relay has.</summary>
    public long? UnownedLanes { get; init; }

    /// <summary>How many instances live.</summary>
    public long? Instances { get; init; }

    /// <summary>What is not known, and why, for the log.</summary>
    public IReadOnlyList<string> Unknown { get; init; } = [];
}
