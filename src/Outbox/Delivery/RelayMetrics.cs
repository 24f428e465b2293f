using System.Diagnostics.Metrics;
using Outbox.Diagnostics;

namespace Outbox.Delivery;

/// <summary>What the relay counts.</summary>
internal static class RelayMetrics
{
    public static readonly Counter<long> Published = OutboxTelemetry.Meter.CreateCounter<long>("outbox.relay.published", "{message}", "Messages published and removed.");
    public static readonly Counter<long> Parked = OutboxTelemetry.Meter.CreateCounter<long>("outbox.relay.parked", "{message}", "Messages parked because they cannot be published.");
    public static readonly Counter<long> Expired = OutboxTelemetry.Meter.CreateCounter<long>("outbox.relay.expired", "{message}", "Messages dropped because they expired.");
    public static readonly Counter<long> Failures = OutboxTelemetry.Meter.CreateCounter<long>("outbox.relay.failures", "{attempt}", "Attempts that failed and will be repeated.");
    public static readonly Counter<long> WatchFailures = OutboxTelemetry.Meter.CreateCounter<long>("outbox.relay.watch.failures", "{failure}", "Times that watching for other processes' commits failed and polling alone went on.");
    public static readonly Histogram<double> BatchDuration = OutboxTelemetry.Meter.CreateHistogram<double>("outbox.relay.batch.duration", "s", "From the start of publishing a batch to its last delivery report.");
}
