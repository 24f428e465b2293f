using System.Globalization;
using Microsoft.Extensions.Diagnostics.HealthChecks;
using Microsoft.Extensions.Options;
using Outbox.Operations.Pausing;

namespace Outbox.Inbox.Health;

/// <summary>
/// Unhealthy: an endpoint does not run, has been kept from working for long, or has messages and finishes none. Degraded: it just is, or is paused or stands still for
/// a replay, or messages are parked, or many are left to do.
/// Every finding names its endpoint.
/// </summary>
internal sealed class InboxHealthCheck(EndpointStates endpoints, IEnumerable<IInboxBacklog> backlogs, IOptions<InboxHealthOptions> limits, PauseBook pauses, TimeProvider time) : IHealthCheck
{
    private const int MostParked = 1_000;

    private static readonly TimeSpan ShowLossFor = TimeSpan.FromHours(1);

    private readonly IInboxBacklog? _backlog = backlogs.LastOrDefault();

    public async Task<HealthCheckResult> CheckHealthAsync(HealthCheckContext context, CancellationToken cancellationToken = default)
    {
        var findings = new List<(string Text, bool IsBad)>();
        var data = new Dictionary<string, object>();
        foreach (var endpoint in endpoints.All)
        {
            findings.AddRange(Judge(endpoint));
            data[$"{Name(endpoint)} lag"] = endpoint.Lag ?? -1L;
            data[$"{Name(endpoint)} partitions"] = endpoint.Partitions;
        }

        foreach (var group in endpoints.All.Select(endpoint => endpoint.Endpoint).Distinct())
        {
            findings.AddRange(await ParkedAsync(group, data, cancellationToken).ConfigureAwait(false));
        }

        var status = findings.Count == 0 ? HealthStatus.Healthy : findings.Exists(finding => finding.IsBad) ? context.Registration.FailureStatus : HealthStatus.Degraded;
        return new HealthCheckResult(status, findings.Count == 0 ? null : string.Join(' ', findings.Select(finding => finding.Text)), data: data);
    }

    private IEnumerable<(string Text, bool IsBad)> Judge(EndpointState endpoint)
    {
        if (!endpoint.IsRunning)
        {
            yield return ($"Endpoint {Name(endpoint)} does not run.", true);
            yield break;
        }

        foreach (var (reason, age) in endpoint.Faults)
        {
            yield return ($"Endpoint {Name(endpoint)} cannot go on for {Seconds(age)}: {reason}", age >= limits.Value.UnhealthyAfter);
        }

        if (endpoint.LostMessages is { Count: > 0 } lost && lost.Ago < ShowLossFor)
        {
            yield return ($"Kafka had deleted {lost.Count} messages before endpoint {Name(endpoint)} had read them: the topic keeps them for a shorter time than consumers were away.", false);
        }

        if (pauses.Find(PauseTarget.Endpoint(endpoint.Endpoint)) is { } pause)
        {
            yield return ($"Endpoint {Name(endpoint)} is paused by {pause.By} until {pause.Until:O}: {pause.Reason.TrimEnd('.')}.", false);
        }
        else if (endpoint.Standing is { } standing)
        {
            yield return ($"Endpoint {Name(endpoint)} stands still for {Seconds(standing.For)}: {standing.Why}", standing.For >= limits.Value.StalledAfter);
        }
        else if (endpoint.Lag > 0 && endpoint.Idle >= limits.Value.StalledAfter)
        {
            yield return ($"Endpoint {Name(endpoint)} consumes nothing: {endpoint.Lag} messages are left, and none came to its end for {Seconds(endpoint.Idle)}.", true);
        }
        else if (endpoint.Lag > limits.Value.DegradedLag)
        {
            yield return ($"Endpoint {Name(endpoint)} has {endpoint.Lag} messages left to do, more than {limits.Value.DegradedLag}.", false);
        }
    }

    private async Task<IEnumerable<(string Text, bool IsBad)>> ParkedAsync(string group, Dictionary<string, object> data, CancellationToken cancellationToken)
    {
        if (_backlog is null)
        {
            return [];
        }

        using var limit = new CancellationTokenSource(limits.Value.Timeout, time);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(limit.Token, cancellationToken);
        try
        {
            var parked = await _backlog.CountParkedAsync(group, MostParked, either.Token).ConfigureAwait(false);
            data[$"{group} parked"] = parked;
            var count = parked < MostParked ? parked.ToString(CultureInfo.InvariantCulture) : $"{MostParked} or more";
            return parked == 0 ? [] : [($"On endpoint {group} {count} messages could not be processed and wait for a person (IInboxOperations).", false)];
        }
        catch (Exception error) when (!cancellationToken.IsCancellationRequested)
        {
            return [($"What endpoint {group} has parked is not known: {(error is OperationCanceledException ? $"no answer within {limits.Value.Timeout}." : error.Message)}", false)];
        }
    }

    private static string Name(EndpointState endpoint) => $"{endpoint.Endpoint} ({endpoint.Topic})";

    private static string Seconds(TimeSpan age) => string.Create(CultureInfo.InvariantCulture, $"{age.TotalSeconds:0} s");
}
