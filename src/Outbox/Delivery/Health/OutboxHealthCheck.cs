using System.Globalization;
using Microsoft.Extensions.Diagnostics.HealthChecks;
using Microsoft.Extensions.Options;
using Outbox.Delivery.Leases;

namespace Outbox.Delivery.Health;

/// <summary>
/// Unhealthy: MongoDB or Kafka has been out of reach for long. Degraded: it just is, or messages wait for a person or for too long, or other processes'
/// messages are found by polling alone. Everything else is healthy, an outbox with a relay elsewhere included.
/// </summary>
internal sealed class OutboxHealthCheck(
    IOutboxBacklog outbox, LaneLeases leases, RelayRuntime runtime, IOptions<OutboxOptions> options, IOptions<OutboxHealthOptions> limits) : IHealthCheck
{
    public async Task<HealthCheckResult> CheckHealthAsync(HealthCheckContext context, CancellationToken cancellationToken = default)
    {
        var backlog = await ReadAsync(cancellationToken).ConfigureAwait(false);
        var findings = Outages().Concat(Delays(backlog)).ToList();
        var status = findings.Count == 0 ? HealthStatus.Healthy : findings.Exists(finding => finding.IsLong) ? context.Registration.FailureStatus : HealthStatus.Degraded;
        return new HealthCheckResult(status, findings.Count == 0 ? null : string.Join(' ', findings.Select(finding => finding.Text)), data: Data(backlog));
    }

    private async Task<OutboxBacklog?> ReadAsync(CancellationToken cancellationToken)
    {
        using var limit = new CancellationTokenSource(limits.Value.Timeout, runtime.Time);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(limit.Token, cancellationToken);
        try
        {
            var backlog = await outbox.ReadAsync(either.Token).ConfigureAwait(false);
            if (!options.Value.RelayEnabled)
            {
                runtime.Health.DatabaseAnswered();
            }

            return backlog;
        }
        catch (Exception error) when (!cancellationToken.IsCancellationRequested)
        {
            runtime.Health.DatabaseFailed(error is OperationCanceledException ? $"No answer within {limits.Value.Timeout}." : error.Message);
            return null;
        }
    }

    private IEnumerable<(string Text, bool IsLong)> Outages()
    {
        if (runtime.Health.Database is var (database, why))
        {
            yield return ($"MongoDB cannot be used for {Seconds(database)}: {why}", database >= limits.Value.UnhealthyAfter);
        }

        if (runtime.Health.Broker is var (broker, reason))
        {
            yield return ($"Kafka cannot be used for {Seconds(broker)}: {reason}", broker >= limits.Value.UnhealthyAfter);
        }
    }

    private IEnumerable<(string Text, bool IsLong)> Delays(OutboxBacklog? backlog)
    {
        if (backlog?.OldestAge > limits.Value.DegradedAge)
        {
            yield return ($"The oldest message has waited for {Seconds(backlog.OldestAge.Value)}, more than {limits.Value.DegradedAge}.", false);
        }

        if (backlog?.Parked > 0)
        {
            yield return ($"{backlog.Parked} messages could not be published and wait for a person (IOutboxOperations).", false);
        }

        if (options.Value is { RelayEnabled: true, WatchChanges: true } && runtime.Health.Watches == false)
        {
            yield return ($"The change stream on the outbox failed; other processes' messages are found by polling every {options.Value.QueryDelay}.", false);
        }
    }

    private Dictionary<string, object> Data(OutboxBacklog? backlog)
    {
        var data = new Dictionary<string, object> { ["relay"] = options.Value.RelayEnabled, ["lanes"] = leases.Lanes.Count };
        if (backlog is not null)
        {
            data["pending"] = backlog.Pending;
            data["parked"] = backlog.Parked;
            data["oldestAge"] = (backlog.OldestAge ?? TimeSpan.Zero).ToString();
        }

        return data;
    }

    private static string Seconds(TimeSpan time) => string.Create(CultureInfo.InvariantCulture, $"{time.TotalSeconds:0} s");
}
