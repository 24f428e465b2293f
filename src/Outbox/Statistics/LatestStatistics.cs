using Outbox.Delivery.Leases;

namespace Outbox.Statistics;

/// <summary>
/// What was read last, and since when it has not been read again. The process that has lane 0 shows it, so that a sum over processes counts nothing twice; where nobody has it, each process does, or nobody
/// would see that no relay runs.
/// </summary>
internal sealed class LatestStatistics(LaneLeases leases, TimeProvider time)
{
    public const int Lane = 0;

    private volatile OutboxStatistics? _statistics;
    private volatile Func<bool> _isWatched = static () => false;
    private volatile bool _standsIn;
    private long _knownAt;

    /// <summary>Whether somebody listens.</summary>
    public bool IsWatched => _isWatched();

    /// <summary>Whether this process has the lane.</summary>
    public bool HasLane => leases.Lanes.Contains(Lane);

    /// <summary>What was read last; nothing in a process that does not show it.</summary>
    public OutboxStatistics? Current => Shows ? _statistics : null;

    /// <summary>For how long not everything has been known, in the process that should know.</summary>
    public TimeSpan? Age => Shows && Interlocked.Read(ref _knownAt) is var at and > 0 ? time.GetElapsedTime(at) : null;

    private bool Shows => HasLane || _standsIn;

    public void WatchedBy(Func<bool> isWatched) => _isWatched = isWatched;

    /// <summary>Begins to show what there is, or ends it.</summary>
    /// <returns>Whether it is shown.</returns>
    public bool Show(bool standsIn)
    {
        _standsIn = standsIn;
        if (Shows)
        {
            Interlocked.CompareExchange(ref _knownAt, time.GetTimestamp(), 0);
        }
        else
        {
            (_statistics, _) = (null, Interlocked.Exchange(ref _knownAt, 0));
        }

        return Shows;
    }

    public void Read(OutboxStatistics statistics)
    {
        _statistics = statistics;
        if (statistics.Unknown.Count == 0)
        {
            Interlocked.Exchange(ref _knownAt, time.GetTimestamp());
        }
    }
}
