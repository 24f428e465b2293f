using Outbox.Delivery.Leases;

namespace Outbox.Statistics;

/// <summary>What was read last, and since when it has not been read again. Only the process that has lane 0 shows it, so that a sum over processes counts nothing twice.</summary>
internal sealed class LatestStatistics(LaneLeases leases, TimeProvider time)
{
    private const int Lane = 0;

    private volatile OutboxStatistics? _statistics;
    private volatile Func<bool> _isWatched = static () => false;
    private long _knownAt;

    /// <summary>Whether this process shows them, and somebody listens.</summary>
    public bool IsWanted
    {
        get
        {
            if (leases.Lanes.Contains(Lane))
            {
                Interlocked.CompareExchange(ref _knownAt, time.GetTimestamp(), 0);
                return _isWatched();
            }

            (_statistics, _) = (null, Interlocked.Exchange(ref _knownAt, 0));
            return false;
        }
    }

    /// <summary>What was read last; nothing in a process that has not the lane.</summary>
    public OutboxStatistics? Current => leases.Lanes.Contains(Lane) ? _statistics : null;

    /// <summary>For how long not everything has been known, in the process that should know.</summary>
    public TimeSpan? Age => leases.Lanes.Contains(Lane) && Interlocked.Read(ref _knownAt) is var at and > 0 ? time.GetElapsedTime(at) : null;

    public void WatchedBy(Func<bool> isWatched) => _isWatched = isWatched;

    public void Read(OutboxStatistics statistics)
    {
        _statistics = statistics;
        if (statistics.Unknown.Count == 0)
        {
            Interlocked.Exchange(ref _knownAt, time.GetTimestamp());
        }
    }
}
