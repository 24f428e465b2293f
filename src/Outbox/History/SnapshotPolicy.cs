namespace Outbox.History;

/// <summary>When an entity's state is stored, so that loading it need not begin at its first event.</summary>
public sealed record SnapshotPolicy
{
    private SnapshotPolicy()
    {
    }

    /// <summary>Only when <see cref="IHistory.SnapshotAllAsync"/> is called.</summary>
    public static SnapshotPolicy Never { get; } = new();

    /// <summary>After how many events; <see langword="null"/> if not after any number of them.</summary>
    public int? Events { get; private init; }

    /// <summary>How often the states of all entities are stored; <see langword="null"/> if that is left to the caller.</summary>
    public TimeSpan? Interval { get; private init; }

    /// <summary>When a transaction has taken an entity beyond a multiple of a number of events, right after it has committed.</summary>
    /// <exception cref="ArgumentOutOfRangeException">The number is below 1.</exception>
    public static SnapshotPolicy Every(int events)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(events, 1);
        return new SnapshotPolicy { Events = events };
    }

    /// <summary>At regular times, of all entities that have had at least so many events since their last one. Each instance looks for them, and leaves alone what another has stored.</summary>
    /// <exception cref="ArgumentOutOfRangeException">The interval is below a second, or the number below 1.</exception>
    public static SnapshotPolicy Periodic(TimeSpan interval, int olderThan)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(interval, TimeSpan.FromSeconds(1));
        ArgumentOutOfRangeException.ThrowIfLessThan(olderThan, 1);
        return new SnapshotPolicy { Interval = interval, Events = olderThan };
    }
}
