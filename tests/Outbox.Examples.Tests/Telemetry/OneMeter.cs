namespace Outbox.Examples.Tests.Telemetry;

/// <summary>
/// OpenTelemetry knows meters by their names, of all hosts in a process, and keeps one series for those that have the same: when one host ends, the other's measurements go nowhere. So a service whose metrics are
/// read runs while no other does.
/// </summary>
[CollectionDefinition(nameof(OneMeter), DisableParallelization = true)]
public sealed class OneMeter;
