using System.Diagnostics;
using System.Diagnostics.Metrics;
using System.Reflection;

namespace Outbox.Diagnostics;

/// <summary>The names by which traces and metrics of the framework are subscribed to.</summary>
public static class OutboxTelemetry
{
    /// <summary>The name of the activity source and of the meter.</summary>
    public const string Name = "Outbox";

    /// <summary>The version of both: the assembly's.</summary>
    public static string Version { get; } =
        typeof(OutboxTelemetry).Assembly.GetCustomAttribute<AssemblyInformationalVersionAttribute>()?.InformationalVersion.Split('+')[0] ?? "";

    internal static readonly ActivitySource Activities = new(Name, Version);

    /// <summary>The meter of a host: one for all instruments, which ends with the host.</summary>
    internal static Meter Meter(IMeterFactory meters) => meters.Create(Name, Version);
}
