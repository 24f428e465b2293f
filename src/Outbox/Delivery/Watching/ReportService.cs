using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Options;
using Outbox.Delivery.Health;
using Outbox.Delivery.Leases;
using Outbox.Delivery.Reporting;

namespace Outbox.Delivery.Watching;

/// <summary>Writes down what this relay has found, where others can read it. A relay that finds nothing writes nothing.</summary>
internal sealed class ReportService(
    RelayHealth health, IEnumerable<IRelayReports> reports, RelayIdentity identity, IOptions<OutboxOptions> options, RelayRuntime runtime) : BackgroundService
{
    private static readonly TimeSpan Interval = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan Refresh = TimeSpan.FromSeconds(10);

    private RelayReport _written = new([], []);
    private long _writtenAt;

    /// <inheritdoc/>
    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        if (!options.Value.RelayEnabled || reports.LastOrDefault() is not { } store)
        {
            return;
        }

        while (!stoppingToken.IsCancellationRequested)
        {
            await Task.Delay(Interval, runtime.Time, stoppingToken).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            try
            {
                await WriteAsync(store, health.Report(2 * options.Value.MaxRetryDelay), stoppingToken).ConfigureAwait(false);
            }
            catch (Exception)
            {
                // The relay itself says what is wrong with the database; and it is tried again.
            }
        }
    }

    private async Task WriteAsync(IRelayReports store, RelayReport report, CancellationToken cancellationToken)
    {
        if ((report.IsEmpty && _written.IsEmpty) || (IsWritten(report) && runtime.Time.GetElapsedTime(_writtenAt) < Refresh))
        {
            return;
        }

        await store.WriteAsync(identity.Owner, report, cancellationToken).ConfigureAwait(false);
        (_written, _writtenAt) = (report, runtime.Time.GetTimestamp());
    }

    /// <summary>Times aside.</summary>
    private bool IsWritten(RelayReport report) =>
        report.Places.Select(place => (place.Place, place.Reason)).SequenceEqual(_written.Places.Select(place => (place.Place, place.Reason)))
        && report.Failures.Select(failure => (failure.MessageId, failure.Failures)).SequenceEqual(_written.Failures.Select(failure => (failure.MessageId, failure.Failures)));
}
