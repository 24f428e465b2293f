using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using Outbox.Delivery.Health;
using Outbox.Delivery.Publishing;

namespace Outbox.Delivery.Retrying;

/// <summary>
/// The places to which nothing gets through. Each waits, longer after each failure, and is then tried with a single message; what goes elsewhere does not wait for it. The log says
/// once when a place closes and once when it opens, and health in between.
/// </summary>
internal sealed class ClosedPlaces(IOptions<OutboxOptions> options, RelayRuntime runtime, RelayHealth health, ILogger<ClosedPlaces> logger)
{
    private readonly Backoff _backoff = new(options.Value.RetryDelay, options.Value.MaxRetryDelay, runtime.Random);
    private readonly Dictionary<Place, Closed> _places = [];
    private readonly Dictionary<Place, long> _due = [];

    public bool Any => _places.Count > 0;

    /// <summary>How often a place began to wait that a query can leave out: a sweep that began before reads what it need not.</summary>
    public int Closings { get; private set; }

    /// <summary>The places that wait and that a query can leave out: all but partitions, which are not stored with the messages.</summary>
    public IReadOnlyCollection<Place> Waiting => [.. _places.Where(entry => entry.Key.Partition is null && IsWaiting(entry.Value)).Select(entry => entry.Key)];

    /// <summary>How long until the first of them is tried again.</summary>
    public TimeSpan? UntilNext => _places.Count == 0 ? null
        : _places.Values.Select(closed => closed.Wait.Remaining(runtime.Time)).Where(rest => rest > TimeSpan.Zero).Min(rest => (TimeSpan?)rest);

    /// <summary>The closed place that this one is in, the widest first.</summary>
    public Place? ClosedOver(Place place)
    {
        if (_places.Count == 0)
        {
            return null;
        }

        return Place.Cluster.Contains(place) && _places.ContainsKey(Place.Cluster) ? Place.Cluster
            : place with { Partition = null } is var topic && _places.ContainsKey(topic) ? topic
            : _places.ContainsKey(place) ? place : null;
    }

    /// <summary>Whether a closed place's turn has not come again yet.</summary>
    public bool IsWaiting(Place place) => _places.TryGetValue(place, out var closed) && IsWaiting(closed);

    /// <summary>Why nothing gets through to a closed place.</summary>
    public string ReasonOf(Place place) => _places.TryGetValue(place, out var closed) ? closed.Reason : "";

    /// <summary>Notes that nothing gets through to a place.</summary>
    /// <param name="place">The place.</param>
    /// <param name="reason">Why.</param>
    /// <param name="isAnswered">Whether there was an answer that said so.</param>
    public void Failed(Place place, string reason, bool isAnswered)
    {
        var now = runtime.Time.GetTimestamp();
        var before = _places.GetValueOrDefault(place);
        var failures = (before?.Wait.Failures ?? 0) + 1;
        _places[place] = new Closed(before?.Since ?? now, new Wait(failures, 0, now, _backoff.After(failures)), reason, isAnswered);
        Closings += place.Partition is null ? 1 : 0;
        if (before is null)
        {
            logger.PlaceCloses(place, reason.TrimEnd('.'), options.Value.MaxRetryDelay);
        }

        Show();
    }

    /// <summary>Notes that something got through to a place.</summary>
    public void Done(Place place)
    {
        foreach (var open in _places.Keys.Where(closed => closed.Contains(place)).ToList())
        {
            _places.Remove(open, out var closed);
            logger.PlaceOpens(open, runtime.Time.GetElapsedTime(closed!.Since));
            Show();
        }
    }

    /// <summary>Begins a sweep that reads the messages of all places whose turn has come.</summary>
    /// <param name="paused">The topics whose messages it does not read all the same.</param>
    public void StartSweep(IReadOnlyCollection<string> paused)
    {
        _due.Clear();
        foreach (var (place, closed) in _places.Where(entry => !IsWaiting(entry.Value) && !paused.Contains(entry.Key.Topic)))
        {
            _due.Add(place, closed.Wait.Since);
        }
    }

    /// <summary>Ends a sweep that has read everything. A place that was not tried in it has no messages any more, or another relay has them.</summary>
    public void EndSweep()
    {
        foreach (var (place, since) in _due)
        {
            if (_places.TryGetValue(place, out var closed) && closed.Wait.Since == since)
            {
                _places.Remove(place);
                logger.PlaceForgotten(place, runtime.Time.GetElapsedTime(closed.Since));
                Show();
            }
        }

        _due.Clear();
    }

    private bool IsWaiting(Closed closed) => closed.Wait.Remaining(runtime.Time) > TimeSpan.Zero;

    private void Show() => health.Places =
        [.. _places.Select(entry => new FailingPlace(entry.Key, entry.Value.Reason, entry.Value.Since, entry.Value.IsAnswered)).OrderBy(place => place.Since)];

    private sealed record Closed(long Since, Wait Wait, string Reason, bool IsAnswered);
}
