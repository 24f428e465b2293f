using System.Collections.Concurrent;
using System.Diagnostics;
using Outbox.Diagnostics;

namespace Outbox.Integration.Tests.Telemetry;

/// <summary>The spans of the framework and of MassTransit that end while a test listens; other tests' are among them.</summary>
internal sealed class Traces : IDisposable
{
    private readonly ConcurrentQueue<Activity> _ended = new();
    private readonly ActivityListener _listener;

    public Traces()
    {
        _listener = new ActivityListener
        {
            ShouldListenTo = source => source.Name is OutboxTelemetry.Name or "MassTransit" or "Test",
            Sample = (ref ActivityCreationOptions<ActivityContext> _) => ActivitySamplingResult.AllDataAndRecorded,
            ActivityStopped = _ended.Enqueue,
        };
        ActivitySource.AddActivityListener(_listener);
    }

    public IReadOnlyList<Activity> Of(ActivityTraceId trace) => [.. _ended.Where(span => span.TraceId == trace)];

    public IReadOnlyList<Activity> LinkedTo(ActivityTraceId trace) => [.. _ended.Where(span => span.TraceId != trace && span.Links.Any(link => link.Context.TraceId == trace))];

    public void Dispose() => _listener.Dispose();
}
