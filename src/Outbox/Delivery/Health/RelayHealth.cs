using Outbox.Delivery.Reporting;
using Outbox.Operations.Pausing;

namespace Outbox.Delivery.Health;

/// <summary>What the relay of this process found when it last tried; written by the relay, read by the health check.</summary>
internal sealed class RelayHealth(TimeProvider time)
{
    private volatile Failure? _database;
    private volatile Failure? _relay;
    private volatile Failure? _leases;
    private volatile Failure? _notKnown;
    private volatile IReadOnlyList<FailingPlace> _places = [];
    private volatile IReadOnlyList<Pause> _pauses = [];
    private long _publishedAt;
    private long _notKnownUntil;

    /// <summary>Messages that fail and are tried again.</summary>
    public FailingMessages Failing { get; } = new(time);

    /// <summary>Whether the relay watches for the commits of other processes; <see langword="null"/> before it has tried, and while it holds no lane.</summary>
    public bool? Watches { get; set; }

    /// <summary>How many lanes the relay holds.</summary>
    public int Lanes { get; set; }

    /// <summary>For how long MongoDB could not be used, and why.</summary>
    public (TimeSpan For, string Error)? Database => Since(_database);

    /// <summary>For how long the relay itself has failed, and how.</summary>
    public (TimeSpan For, string Error)? Relay => Since(_relay);

    /// <summary>For how long the leases could not be kept, and why.</summary>
    public (TimeSpan For, string Error)? Leases => Since(_leases);

    /// <summary>Since when messages wait that only a newer instance knows how to publish, and what is not known.</summary>
    public (TimeSpan For, string Error)? NotKnown => Interlocked.Read(ref _notKnownUntil) > time.GetTimestamp() ? Since(_notKnown) : null;

    /// <summary>The places to which nothing gets through, those that have failed for the longest time first.</summary>
    public IReadOnlyList<FailingPlace> Places
    {
        get => _places;
        set => _places = value;
    }

    /// <summary>What is paused.</summary>
    public IReadOnlyList<Pause> Pauses
    {
        get => _pauses;
        set => _pauses = value;
    }

    /// <summary>Whether nothing was published anywhere since a place began to fail.</summary>
    public bool NothingGetsThrough => Places is [var first, ..] && Interlocked.Read(ref _publishedAt) <= first.Since;

    public TimeSpan Since(long timestamp) => time.GetElapsedTime(timestamp);

    /// <summary>Notes that messages got through.</summary>
    public void Published() => Interlocked.Exchange(ref _publishedAt, time.GetTimestamp());

    /// <summary>Notes a sweep that came to its end.</summary>
    public void Swept()
    {
        _database = null;
        _relay = null;
    }

    /// <summary>Notes that MongoDB could not be used.</summary>
    public void DatabaseFailed(string error) => _database = Keep(_database, error);

    /// <summary>Notes that MongoDB could be used.</summary>
    public void DatabaseAnswered() => _database = null;

    /// <summary>Notes that the relay failed, and MongoDB did not.</summary>
    public void RelayFailed(string error) => _relay = Keep(_relay, error);

    /// <summary>Notes that the leases could not be kept, or only just.</summary>
    public void LeasesFailed(string error) => _leases = Keep(_leases, error);

    /// <summary>Notes that the leases were renewed in time.</summary>
    public void LeasesKept() => _leases = null;

    /// <summary>Notes a message that only a newer instance knows how to publish; it is looked at again within <paramref name="turn"/>.</summary>
    public void NotKnownHere(string error, TimeSpan turn)
    {
        _notKnown = NotKnown is null ? Keep(null, error) : Keep(_notKnown, error);
        Interlocked.Exchange(ref _notKnownUntil, time.GetTimestamp() + (long)(turn.TotalSeconds * time.TimestampFrequency));
    }

    /// <summary>What others want to know.</summary>
    /// <param name="turn">Within which a message that fails has its turn again.</param>
    public RelayReport Report(TimeSpan turn) => new(
        [.. Places.Take(RelayReport.Most).Select(place => new ReportedPlace(place.Place, place.Reason, Since(place.Since)))], Failing.Report(turn));

    private Failure Keep(Failure? failure, string error) => new(failure?.Since ?? time.GetTimestamp(), error);

    private (TimeSpan For, string Error)? Since(Failure? failure) => failure is null ? null : (time.GetElapsedTime(failure.Since), failure.Error);

    private sealed record Failure(long Since, string Error);
}
