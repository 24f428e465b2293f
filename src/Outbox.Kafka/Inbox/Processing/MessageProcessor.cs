using MassTransit;
using MassTransit.Transports;
using Outbox.Kafka.Inbox.Consuming;
using Outbox.Kafka.Inbox.Failing;
using Outbox.Kafka.Inbox.Sequencing;

namespace Outbox.Kafka.Inbox.Processing;

/// <summary>
/// Brings one message to its end: processed, skipped, parked, or waiting for its predecessor. Only then is its offset free to be committed. An outage is none of these: the message
/// waits and is tried again, and because all its like wait too, the endpoint pauses.
/// </summary>
internal sealed class MessageProcessor(ReceiveEndpointContext context, EndpointServices services, EndpointHealth health, Outages outages, Turns turns)
{
    public async Task ProcessAsync(ReceivedMessage message)
    {
        if (!message.Partition.TryStart())
        {
            return;
        }

        try
        {
            if (await CompleteAsync(message).ConfigureAwait(false))
            {
                message.Partition.Finish(message.Offset);
            }
        }
        finally
        {
            message.Partition.Stop();
        }
    }

    /// <returns>Whether the message is done; otherwise it was given up with its partition.</returns>
    private async Task<bool> CompleteAsync(ReceivedMessage message)
    {
        LogContext.SetCurrentIfNull(context.LogContext);
        for (var failures = 0; ; failures++)
        {
            try
            {
                await turns.RunAsync(message, redelivered: failures > 0).ConfigureAwait(false);
                await EndOutageAsync().ConfigureAwait(false);
                return true;
            }
            catch (Exception) when (message.Partition.Abandoned.IsCancellationRequested)
            {
                return false;
            }
            catch (EndpointPausedException paused)
            {
                await paused.Restart.WaitAsync(message.Partition.Closing).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
                if (message.Partition.Closing.IsCancellationRequested)
                {
                    return false;
                }
            }
            catch (Exception error)
            {
                // Whatever it is, the message is not done: passing it over would lose it.
                if (!await WaitAsync(message, (error as OutageException)?.InnerException ?? error, failures).ConfigureAwait(false))
                {
                    return false;
                }
            }
        }
    }

    private async Task<bool> WaitAsync(ReceivedMessage message, Exception error, int failures)
    {
        var wait = outages.WaitAfter(failures);
        services.Logger.Outage(error, services.Settings.Group, message.Result.TopicPartitionOffset.ToString(), wait);
        await health.FaultedAsync(EndpointHealth.Outage, error).ConfigureAwait(false);
        await Task.Delay(wait, services.Time, message.Partition.Closing).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        return !message.Partition.Closing.IsCancellationRequested;
    }

    private async Task EndOutageAsync()
    {
        if (health.Suffers(EndpointHealth.Outage) && await health.RecoveredAsync(EndpointHealth.Outage).ConfigureAwait(false))
        {
            services.Logger.OutageEnded(services.Settings.Group);
        }
    }
}
