using System.Collections.Concurrent;
using System.Diagnostics.Metrics;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;

namespace Outbox.Kafka.Tests.Fixture;

/// <summary>What one of a host's counters counted, with its tags.</summary>
public sealed class Counts : IDisposable
{
    private readonly MeterListener _listener = new();
    private readonly ConcurrentQueue<Dictionary<string, object?>> _seen = new();

    public Counts(IHost host, string counter)
    {
        var factory = host.Services.GetRequiredService<IMeterFactory>();
        _listener.InstrumentPublished = (instrument, self) =>
        {
            if (instrument.Name == counter && ReferenceEquals(instrument.Meter.Scope, factory))
            {
                self.EnableMeasurementEvents(instrument);
            }
        };
        _listener.SetMeasurementEventCallback<long>((_, _, tags, _) => _seen.Enqueue(tags.ToArray().ToDictionary(x => x.Key, x => x.Value)));
        _listener.Start();
    }

    public IReadOnlyList<Dictionary<string, object?>> Seen => [.. _seen];

    public void Dispose() => _listener.Dispose();
}
