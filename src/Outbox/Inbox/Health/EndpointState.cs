namespace Outbox.Inbox.Health;

/// <summary>What an endpoint of this process is doing, as far as it knows.</summary>
/// <param name="endpoint">The endpoint.</param>
/// <param name="topic">The topic, or the pattern of topics, that it consumes.</param>
/// <param name="time">The clock.</param>
public sealed class EndpointState(string endpoint, string topic, TimeProvider time)
{
    private readonly Lock _gate = new();
    private readonly Dictionary<string, (string Reason, long Since)> _faults = [];
    private long _progressed;
    private long _consumed;
    private long _lag = -1;
    private long _oldest;
    private (long Count, long At) _lost;
    private (string Why, long Since)? _standing;
    private bool _running;

    /// <summary>The endpoint: its group.</summary>
    public string Endpoint => endpoint;

    /// <summary>The topic, or the pattern of topics.</summary>
    public string Topic => topic;

    /// <summary>Whether it runs; not before its first start, and not after it was stopped.</summary>
    public bool IsRunning
    {
        get
        {
            lock (_gate)
            {
                return _running;
            }
        }
    }

    /// <summary>How many messages of its partitions are not done; <see langword="null"/> while nobody knows.</summary>
    public long? Lag => Volatile.Read(ref _lag) is var lag and >= 0 ? lag : null;

    /// <summary>How old the oldest message is that is not done, by its time on Kafka and this host's clock; <see langword="null"/> while nobody knows.</summary>
    public TimeSpan? LagTime => (Lag, Volatile.Read(ref _oldest)) switch
    {
        (0, _) => TimeSpan.Zero,
        ( > 0, > 0 and var oldest) => time.GetUtcNow().UtcTicks is var now && now > oldest ? TimeSpan.FromTicks(now - oldest) : TimeSpan.Zero,
        _ => null,
    };

    /// <summary>How many partitions it has.</summary>
    public int Partitions { get; private set; }

    /// <summary>For how long no message has come to its end.</summary>
    public TimeSpan Idle => time.GetElapsedTime(Volatile.Read(ref _progressed));

    /// <summary>What keeps it from working, and for how long.</summary>
    public IReadOnlyList<(string Reason, TimeSpan For)> Faults
    {
        get
        {
            lock (_gate)
            {
                return [.. _faults.Values.Select(fault => (fault.Reason, time.GetElapsedTime(fault.Since)))];
            }
        }
    }

    /// <summary>Why it consumes nothing though nothing is wrong, and for how long: it is about to be replayed, or a snapshot of it is taken. <see langword="null"/> when it may consume.</summary>
    public (string Why, TimeSpan For)? Standing
    {
        get
        {
            lock (_gate)
            {
                return _standing is { } standing ? (standing.Why, time.GetElapsedTime(standing.Since)) : null;
            }
        }
    }

    /// <summary>What others want to know.</summary>
    public EndpointReport Report() => new(Partitions, Lag, Idle, Faults) { Consumed = Interlocked.Read(ref _consumed) };

    /// <summary>How many messages Kafka had deleted before they were read, and how long ago that was found; none if 0.</summary>
    public (long Count, TimeSpan Ago) LostMessages
    {
        get
        {
            lock (_gate)
            {
                return (_lost.Count, time.GetElapsedTime(_lost.At));
            }
        }
    }

    /// <summary>Kafka had deleted messages before they were read.</summary>
    public void Lost(long count)
    {
        lock (_gate)
        {
            _lost = (_lost.Count + count, time.GetTimestamp());
        }
    }

    /// <summary>It was started.</summary>
    public void Started()
    {
        lock (_gate)
        {
            (_running, Partitions) = (true, 0);
            _lag = -1;
            _standing = null;
            _faults.Clear();
        }

        Progressed();
    }

    /// <summary>It was stopped.</summary>
    public void Stopped()
    {
        lock (_gate)
        {
            _running = false;
        }
    }

    /// <summary>Something keeps it from working.</summary>
    public void Faulted(string cause, string reason)
    {
        lock (_gate)
        {
            _faults[cause] = (reason, _faults.TryGetValue(cause, out var known) ? known.Since : time.GetTimestamp());
        }
    }

    /// <summary>It no longer does.</summary>
    public void Recovered(string cause)
    {
        lock (_gate)
        {
            _faults.Remove(cause);
        }
    }

    /// <summary>It is to consume nothing, or may again.</summary>
    /// <param name="why">Why not; <see langword="null"/> if it may.</param>
    public void Stands(string? why)
    {
        lock (_gate)
        {
            _standing = why is null ? null : (why, _standing?.Since ?? time.GetTimestamp());
        }
    }

    /// <summary>Messages came to their ends, or none could have.</summary>
    /// <param name="messages">How many did.</param>
    public void Progressed(int messages = 0)
    {
        Interlocked.Add(ref _consumed, messages);
        Volatile.Write(ref _progressed, time.GetTimestamp());
    }

    /// <summary>Its consumer has ended, and its partitions are no longer this instance's, until it reports some. What was left to do still is.</summary>
    public void Left() => Partitions = 0;

    /// <summary>What is left to do.</summary>
    /// <param name="partitions">How many partitions it has.</param>
    /// <param name="lag">How many messages of them are not done, if that is known.</param>
    /// <param name="oldest">When the oldest of them was published, if one was read.</param>
    public void Report(int partitions, long? lag, DateTimeOffset? oldest = null)
    {
        if (lag is null or 0)
        {
            Progressed();
        }

        Partitions = partitions;
        Volatile.Write(ref _oldest, oldest?.UtcTicks ?? 0);
        Volatile.Write(ref _lag, lag ?? -1);
    }
}
