using MassTransit;
using MassTransit.Transports;
using Outbox.Kafka.Inbox.Consuming;
using Outbox.Kafka.Inbox.Failing;
using Outbox.Kafka.Inbox.Processing;

namespace Outbox.Kafka.Inbox.Batches;

/// <summary>
/// Brings each message of a batch to its end: processed, skipped, or parked. Only then is its offset free to be committed. What an outage leaves undone is tried again;
/// what belongs to a partition that is gone is left to its next owner.
/// </summary>
internal sealed class BatchProcessor(ReceiveEndpointContext context, EndpointServices services, EndpointHealth health, Outages outages, MessageAttempts attempts)
{
    public async Task ProcessAsync(IReadOnlyList<ReceivedMessage> messages)
    {
        LogContext.SetCurrentIfNull(context.LogContext);
        var started = messages.Where(message => message.Partition.TryStart()).ToList();
        try
        {
            await CompleteAsync([.. started]).ConfigureAwait(false);
        }
        finally
        {
            started.ForEach(message => message.Partition.Stop());
        }
    }

    private async Task CompleteAsync(List<ReceivedMessage> left)
    {
        for (var (failures, tried) = (0, false); left.Count > 0; tried = true)
        {
            Exception? outage = null;
            try
            {
                await TryAsync(left, tried).ConfigureAwait(false);
                await EndOutageAsync().ConfigureAwait(false);
            }
            catch (EndpointPausedException paused)
            {
                await PauseAsync(left, paused.Restart).ConfigureAwait(false);
            }
            catch (Exception error)
            {
                // Whatever it is, what is left is not done: passing it over would lose it.
                outage = (error as OutageException)?.InnerException ?? error;
            }

            left.RemoveAll(message => message.Offset.Done || message.Partition.Abandoned.IsCancellationRequested);
            if (outage is not null && left.Count > 0)
            {
                await WaitAsync(left, outage, failures++).ConfigureAwait(false);
            }
        }
    }

    private async Task TryAsync(List<ReceivedMessage> messages, bool redelivered)
    {
        var opened = new List<BatchedMessage>(messages.Count);
        try
        {
            foreach (var message in messages)
            {
                if (await attempts.OpenAsync(message, redelivered).ConfigureAwait(false) is { } ready)
                {
                    opened.Add(ready);
                }
                else
                {
                    message.Partition.Finish(message.Offset);
                }
            }

            if (opened.Count > 0)
            {
                await SendAsync(opened).ConfigureAwait(false);
            }
        }
        finally
        {
            opened.ForEach(message => message.Context.Dispose());
        }
    }

    private async Task SendAsync(List<BatchedMessage> messages)
    {
        using var abandoned = Any(messages.Select(message => message.Message.Partition.Abandoned));
        try
        {
            await attempts.SendAsync(messages, abandoned.Token).ConfigureAwait(false);
            messages.ForEach(Succeed);
        }
        catch (Exception error)
        {
            messages.FindAll(message => message.Item.Attempts.Outcome is not null).ForEach(Succeed);
            if (outages.IsOutage(error) && !abandoned.IsCancellationRequested)
            {
                throw new OutageException(error);
            }

            if (!abandoned.IsCancellationRequested)
            {
                await ParkAsync(messages.FindAll(message => !message.Message.Offset.Done), error).ConfigureAwait(false);
            }
        }
    }

    /// <summary>Those that failed on their own. What waited for them is next. If none did, the error was outside of the inbox, and everyone's.</summary>
    private async Task ParkAsync(List<BatchedMessage> messages, Exception error)
    {
        var failed = messages.FindAll(message => message.Item.Error is not null);
        foreach (var message in failed.Count > 0 ? failed : messages)
        {
            await attempts.ParkAsync(message, message.Item.Error ?? error).ConfigureAwait(false);
            Finish(message);
        }
    }

    private static async Task PauseAsync(List<ReceivedMessage> left, Task restart)
    {
        using var closing = Any(left.Select(message => message.Partition.Closing));
        await restart.WaitAsync(closing.Token).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        left.RemoveAll(message => message.Partition.Closing.IsCancellationRequested);
    }

    private async Task WaitAsync(List<ReceivedMessage> left, Exception error, int failures)
    {
        var wait = outages.WaitAfter(failures);
        services.Logger.Outage(error, services.Settings.Group, left[0].Result.TopicPartitionOffset.ToString(), wait);
        await health.FaultedAsync(EndpointHealth.Outage, error).ConfigureAwait(false);
        using var closing = Any(left.Select(message => message.Partition.Closing));
        await Task.Delay(wait, services.Time, closing.Token).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        left.RemoveAll(message => message.Partition.Closing.IsCancellationRequested);
    }

    private async Task EndOutageAsync()
    {
        if (health.Suffers(EndpointHealth.Outage) && await health.RecoveredAsync(EndpointHealth.Outage).ConfigureAwait(false))
        {
            services.Logger.OutageEnded(services.Settings.Group);
        }
    }

    private static CancellationTokenSource Any(IEnumerable<CancellationToken> tokens) => CancellationTokenSource.CreateLinkedTokenSource([.. tokens.Distinct()]);

    private void Succeed(BatchedMessage message)
    {
        attempts.Succeeded();
        Finish(message);
    }

    private static void Finish(BatchedMessage message) => message.Message.Partition.Finish(message.Message.Offset);
}
