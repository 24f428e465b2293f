using System.Diagnostics.Metrics;
using Microsoft.Extensions.DependencyInjection;
using Outbox.Diagnostics;

namespace Outbox.Examples.Tests.Telemetry;

/// <summary>The instruments that a host has made, and those that it would make.</summary>
internal sealed class Instruments : IDisposable
{
    private readonly MeterListener _listener = new();

    public Instruments(IServiceProvider services)
    {
        var meters = services.GetRequiredService<IMeterFactory>();
        _listener.InstrumentPublished = (instrument, _) =>
        {
            if (instrument.Meter.Name == OutboxTelemetry.Name && ReferenceEquals(instrument.Meter.Scope, meters))
            {
                lock (All)
                {
                    All.Add(instrument);
                }
            }
        };
        _listener.Start();
    }

    public List<Instrument> All { get; } = [];

    /// <summary>What an instrument is, in a word of the page that lists them.</summary>
    public static string KindOf(Instrument instrument) => instrument.GetType().Name.Split('`')[0] switch
    {
        "Counter" => "counter",
        "Histogram" => "histogram",
        "ObservableGauge" => "gauge",
        var other => other,
    };

    public void Dispose() => _listener.Dispose();
}
