using Outbox.Kafka.Inbox.Consuming;

namespace Outbox.Kafka.Inbox.Failing;

/// <summary>
/// Pauses the endpoint when so many of its messages fail that it can hardly be the messages' fault. Those that fail then are not parked: they wait where they
/// are, in order, and are tried again with all others.
/// </summary>
internal sealed class KillSwitch(EndpointServices services, EndpointHealth health, CancellationToken stopping)
{
    private readonly Lock _gate = new();
    private TaskCompletionSource? _restart;
    private long _periodStarted;
    private int _attempts;
    private int _failures;

    /// <exception cref="EndpointPausedException">No message may be processed now.</exception>
    public void ThrowIfOpen()
    {
        if (Volatile.Read(ref _restart) is { } restart)
        {
            throw new EndpointPausedException(restart.Task);
        }
    }

    public void Succeeded()
    {
        if (services.Settings.KillSwitch is not null)
        {
            lock (_gate)
            {
                Count();
            }
        }
    }

    /// <exception cref="EndpointPausedException">The switch is open, perhaps by this failure: the message is not to be parked for it.</exception>
    public async Task FailedAsync(Exception error)
    {
        if (services.Settings.KillSwitch is not { } options)
        {
            return;
        }

        int attempts, failures;
        lock (_gate)
        {
            ThrowIfOpen();
            Count();
            if (!options.ExceptionFilter.Match(error))
            {
                return;
            }

            (attempts, failures) = (_attempts, ++_failures);
            if (attempts <= options.ActivationThreshold || failures * 100L < attempts * (long)options.TripThreshold)
            {
                return;
            }

            _restart = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        }

        services.Logger.KillSwitchTripped(error, services.TopicName, services.Settings.Group, options.RestartTimeout, failures, attempts);
        await health.FaultedAsync(EndpointHealth.KillSwitch, new OutboxException(
            $"The kill switch paused the endpoint at {services.Time.GetUtcNow():O} for {options.RestartTimeout}: {failures} of {attempts} messages failed, the last with: {error.Message}", error))
            .ConfigureAwait(false);
        _ = RestartAsync(options.RestartTimeout);
        ThrowIfOpen();
    }

    private void Count()
    {
        if (_attempts == 0 || services.Time.GetElapsedTime(_periodStarted) > services.Settings.KillSwitch!.TrackingPeriod)
        {
            _periodStarted = services.Time.GetTimestamp();
            (_attempts, _failures) = (0, 0);
        }

        _attempts++;
    }

    private async Task RestartAsync(TimeSpan wait)
    {
        await Task.Delay(wait, services.Time, stopping).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        if (stopping.IsCancellationRequested)
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

        services.Logger.KillSwitchRestarted(services.TopicName, services.Settings.Group);
        await health.RecoveredAsync(EndpointHealth.KillSwitch).ConfigureAwait(false);
        restart.SetResult();
    }
}
