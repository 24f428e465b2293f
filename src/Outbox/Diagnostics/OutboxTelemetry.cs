using System.Diagnostics;
using System.Diagnostics.Metrics;

namespace Outbox.Diagnostics;

/// <summary>The names by which traces and metrics of the framework are subscribed to.</summary>
public static class OutboxTelemetry
{
    /// <summary>The name of the activity source and of the meter.</summary>
    public const string Name = "Outbox";

    internal static readonly ActivitySource Activities = new(Name);
    internal static readonly Meter Meter = new(Name);
}
