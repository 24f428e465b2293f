using System.Collections.Concurrent;
using System.Diagnostics.Metrics;
using Outbox.Diagnostics;

namespace Outbox.History.Projecting.Health;

/// <summary>Counts what projections do; the meter is <see cref="OutboxTelemetry.Name"/>. Tags are a projection's builds, of which there are as many as somebody has asked for.</summary>
internal sealed class ProjectionMetrics
{
    private readonly ConcurrentDictionary<string, (long? Lag, double? Progress)> _builds = new(StringComparer.Ordinal);
    private readonly Counter<long> _events;
    private readonly Counter<long> _parked;

    public ProjectionMetrics(IMeterFactory meters)
    {
        var meter = OutboxTelemetry.Meter(meters);
        _events = meter.CreateCounter<long>("outbox.projection.events", "{event}", "Events that were projected.");
        _parked = meter.CreateCounter<long>("outbox.projection.parked", "{event}", "Events that could not be projected, and were parked.");
        meter.CreateObservableGauge("outbox.projection.lag", () => Shown(build => build.Lag), "{message}", "Messages of its topic that a read model has not projected yet.");
        meter.CreateObservableGauge("outbox.projection.rebuild.progress", () => Shown(build => build.Progress), "1", "How far the history was read for a read model, from 0 to 1.");
    }

    public void Projected(string build, long events, bool fromHistory) =>
        _events.Add(events, new KeyValuePair<string, object?>("projection", build), new KeyValuePair<string, object?>("from", fromHistory ? "history" : "live"));

    public void Parked(string build) => _parked.Add(1, new KeyValuePair<string, object?>("projection", build));

    public void Lag(string build, long? lag) => _builds.AddOrUpdate(build, _ => (lag, null), (_, known) => (lag, known.Progress));

    public void Progress(string build, double progress) => _builds.AddOrUpdate(build, _ => (null, progress), (_, known) => (known.Lag, progress));

    /// <summary>A build has ended.</summary>
    public void Forget(string build) => _builds.TryRemove(build, out _);

    private IEnumerable<Measurement<T>> Shown<T>(Func<(long? Lag, double? Progress), T?> value)
        where T : struct =>
        from build in _builds
        let shown = value(build.Value)
        where shown is not null
        select new Measurement<T>(shown.Value, new KeyValuePair<string, object?>("projection", build.Key));
}
