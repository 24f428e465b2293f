using MassTransit.Transports.Components;
using Microsoft.Extensions.Logging;
using Outbox.Kafka.Inbox.Endpoint;

namespace Outbox.Kafka.Inbox.Ending;

/// <summary>
/// Pauses the endpoint when so many of its messages fail that it can hardly be the messages' fault. Those that fail then are not parked: they wait where they
/// are, in order, and are tried again with all others.
/// </summary>
internal sealed class KillSwitch(EndpointName endpoint, KillSwitchOptions? options, EndpointHealth health, TimeProvider time, ILogger logger)
{
    private readonly Lock _gate = new();
    private TaskCompletionSource? _restart;
    private long _periodStarted;
    private int _attempts;
    private int _failures;

    /// <summary>Ends when messages may be tried again; <see langword="null"/> while they may.</summary>
    public Task? Restart => Volatile.Read(ref _restart)?.Task;

    public void Succeeded()
    {
        if (options is not null)
        {
            lock (_gate)
            {
                Count(options);
            }
        }
    }

    /// <returns>When the message may be tried again; it is not to be parked then. <see langword="null"/> if the failure is its own.</returns>
    public async Task<Task?> FailedAsync(Exception error)
    {
        if (options is null)
        {
            return null;
        }

        int attempts, failures;
        TaskCompletionSource restart;
        lock (_gate)
        {
            if (_restart is { } open)
            {
                return open.Task;
            }

            Count(options);
            if (!options.ExceptionFilter.Match(error))
            {
                return null;
            }

            (attempts, failures) = (_attempts, ++_failures);
            if (attempts <= options.ActivationThreshold || failures * 100L < attempts * (long)options.TripThreshold)
            {
                return null;
            }

            _restart = restart = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        }

        logger.KillSwitchTripped(error, endpoint.Topic, endpoint.Group, options.RestartTimeout, failures, attempts);
        await health.FaultedAsync(EndpointHealth.KillSwitch, new OutboxException(
            $"The kill switch paused the endpoint at {time.GetUtcNow():O} for {options.RestartTimeout}: {failures} of {attempts} messages failed, the last with: {error.Message}", error))
            .ConfigureAwait(false);
        _ = RestartAsync(options.RestartTimeout);
        return restart.Task;
    }

    private void Count(KillSwitchOptions counting)
    {
        if (_attempts == 0 || time.GetElapsedTime(_periodStarted) > counting.TrackingPeriod)
        {
            _periodStarted = time.GetTimestamp();
            (_attempts, _failures) = (0, 0);
        }

        _attempts++;
    }

    private async Task RestartAsync(TimeSpan wait)
    {
        await Task.Delay(wait, time, health.Stopping).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        if (health.Stopping.IsCancellationRequested)
        {
            // What waits is let go with its partition.
            return;
        }

        TaskCompletionSource restart;
        lock (_gate)
        {
            (_attempts, _failures) = (0, 0);
            restart = _restart!;
            _restart = null;
        }

        logger.KillSwitchRestarted(endpoint.Topic, endpoint.Group);
        await health.RecoveredAsync(EndpointHealth.KillSwitch).ConfigureAwait(false);
        restart.SetResult();
    }
}
