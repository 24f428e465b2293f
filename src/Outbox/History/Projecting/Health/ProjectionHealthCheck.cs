using Microsoft.Extensions.Diagnostics.HealthChecks;
using Microsoft.Extensions.Options;

namespace Outbox.History.Projecting.Health;

/// <summary>Unhealthy: a read model has no version to read, and the one that is built does not move. Degraded: a version is stuck or far behind, or events of it are parked. Each is named.</summary>
internal sealed class ProjectionHealthCheck(IProjections projections, IOptions<ProjectionHealthOptions> limits, TimeProvider time) : IHealthCheck
{
    public async Task<HealthCheckResult> CheckHealthAsync(HealthCheckContext context, CancellationToken cancellationToken = default)
    {
        using var limit = new CancellationTokenSource(limits.Value.Timeout, time);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(limit.Token, cancellationToken);
        try
        {
            var all = await projections.StatusAsync(either.Token).ConfigureAwait(false);
            var findings = all.SelectMany(status => Judge(status, all.Any(other => other.Name == status.Name && other.IsActive))).ToList();
            var data = all.ToDictionary(status => status.Endpoint, object (status) => status.ToString());
            return findings.Count == 0
                ? HealthCheckResult.Healthy(data: data)
                : new HealthCheckResult(
                    findings.Exists(finding => finding.IsBad) ? context.Registration.FailureStatus : HealthStatus.Degraded, string.Join(' ', findings.Select(finding => finding.Text)), data: data);
        }
        catch (Exception error) when (!cancellationToken.IsCancellationRequested)
        {
            return HealthCheckResult.Degraded($"How the read models stand is not known: {(error is OperationCanceledException ? $"no answer within {limits.Value.Timeout}." : error.Message)}");
        }
    }

    private IEnumerable<(string Text, bool IsBad)> Judge(ProjectionStatus status, bool hasActive)
    {
        if (status.Parked > 0)
        {
            yield return ($"Read model {status.Endpoint} could not project {status.Parked} events; their entities' rows wait (IProjections, IInboxOperations).", false);
        }

        var idle = time.GetUtcNow() - status.UpdatedAt;
        if (status is { State: ProjectionState.Building, IsScanned: false } && idle >= limits.Value.StuckAfter)
        {
            yield return (FormattableString.Invariant($"Read model {status.Endpoint} is being built, at {status.Progress:P0}, and has not moved for {idle.TotalSeconds:0} s."), !hasActive);
        }

        if (status.IsActive && status.Lag > limits.Value.DegradedLag)
        {
            yield return ($"Read model {status.Endpoint} has {status.Lag} messages left to do, more than {limits.Value.DegradedLag}.", false);
        }
    }
}
