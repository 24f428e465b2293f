using Microsoft.Extensions.Diagnostics.HealthChecks;
using Microsoft.Extensions.Options;

namespace Outbox.Delivery.Health;

/// <summary>
/// Unhealthy: nothing has been relayed for long, because MongoDB, Kafka or the relay fails. Degraded: it has not just now, or messages wait for a person or for too long, or a place takes
/// nothing, or a history cannot be replayed, or something is paused, or other processes' messages are found by polling alone. Everything else is healthy, an outbox with a relay elsewhere included.
/// </summary>
internal sealed class OutboxHealthCheck(
    IOutboxBacklog outbox, RelayHealth relay, TimeProvider time, IOptions<OutboxOptions> options, IOptions<OutboxHealthOptions> limits) : IHealthCheck
{
    public async Task<HealthCheckResult> CheckHealthAsync(HealthCheckContext context, CancellationToken cancellationToken = default)
    {
        var backlog = await ReadAsync(cancellationToken).ConfigureAwait(false);
        var findings = RelayFindings.Of(relay).Concat(Delays(backlog)).ToList();
        var status = findings.Count == 0 ? HealthStatus.Healthy
            : findings.Exists(finding => finding.Outage >= limits.Value.UnhealthyAfter) ? context.Registration.FailureStatus : HealthStatus.Degraded;
        return new HealthCheckResult(status, findings.Count == 0 ? null : string.Join(' ', findings.Select(finding => finding.Text)), data: Data(backlog));
    }

    private async Task<OutboxBacklog?> ReadAsync(CancellationToken cancellationToken)
    {
        using var limit = new CancellationTokenSource(limits.Value.Timeout, time);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(limit.Token, cancellationToken);
        try
        {
            var backlog = await outbox.ReadAsync(either.Token).ConfigureAwait(false);
            if (!options.Value.RelayEnabled)
            {
                relay.DatabaseAnswered();
            }

            return backlog;
        }
        catch (Exception error) when (!cancellationToken.IsCancellationRequested)
        {
            relay.DatabaseFailed(error is OperationCanceledException ? $"No answer within {limits.Value.Timeout}." : error.Message);
            return null;
        }
    }

    private IEnumerable<Finding> Delays(OutboxBacklog? backlog)
    {
        if (backlog?.OldestAge > limits.Value.DegradedAge)
        {
            yield return new Finding($"The oldest message has waited for {RelayFindings.Seconds(backlog.OldestAge.Value)}, more than {limits.Value.DegradedAge}.");
        }

        foreach (var pause in relay.Pauses)
        {
            yield return new Finding($"{Upper(pause.ToString().TrimEnd('.'))}.");
        }

        if (backlog?.Parked > 0)
        {
            yield return new Finding($"{backlog.Parked} messages could not be published and wait for a person (IOutboxOperations).");
        }

        if (backlog?.InboxParked > 0)
        {
            yield return new Finding($"{backlog.InboxParked} consumed messages could not be processed and wait for a person (IInboxOperations).");
        }

        if (backlog?.OverdueGaps > 0)
        {
            yield return new Finding($"{backlog.OverdueGaps} consumed messages still wait for an earlier version after their deadline (IInboxOperations).");
        }

        foreach (var replay in backlog?.WaitingReplays ?? [])
        {
            yield return new Finding($"The history of topic {replay.Topic} cannot go to {replay.Into} and is tried again: {replay.Error.TrimEnd('.')}.");
        }

        if (options.Value is { RelayEnabled: true, WatchChanges: true } && relay.Watches == false)
        {
            yield return new Finding($"The change stream on the outbox failed; other processes' messages are found by polling every {options.Value.QueryDelay}.");
        }
    }

    private static string Upper(string text) => char.ToUpperInvariant(text[0]) + text[1..];

    private Dictionary<string, object> Data(OutboxBacklog? backlog)
    {
        var data = new Dictionary<string, object> { ["relay"] = options.Value.RelayEnabled, ["lanes"] = relay.Lanes };
        if (backlog is not null)
        {
            data["pending"] = backlog.Pending;
            data["parked"] = backlog.Parked;
            data["inboxParked"] = backlog.InboxParked;
            data["overdueGaps"] = backlog.OverdueGaps;
            data["waitingReplays"] = backlog.WaitingReplays.Count;
            data["oldestAge"] = (backlog.OldestAge ?? TimeSpan.Zero).ToString();
        }

        if (relay.Places.Count > 0)
        {
            data["failingPlaces"] = string.Join(", ", relay.Places.Select(place => place.Place));
        }

        return data;
    }
}
