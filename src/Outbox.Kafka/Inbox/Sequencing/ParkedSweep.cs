using Confluent.Kafka;
using MassTransit;
using MassTransit.Logging;
using Outbox.Kafka.Inbox.Consuming;
using Outbox.Kafka.Inbox.Failing;

namespace Outbox.Kafka.Inbox.Sequencing;

/// <summary>
/// Looks after what is parked: messages whose turn came while nobody was there to run them, whose deadline is over, or that a person wants to be tried again. Every instance does; the inbox sees
/// to it that a message that two of them run takes effect once.
/// </summary>
internal sealed class ParkedSweep(EndpointServices services, Turns turns, ILogContext log)
{
    public async Task RunAsync(CancellationToken stopping)
    {
        var running = new PartitionProgress(new TopicPartition(services.TopicName, Partition.Any));
        var sweeping = SweepAsync(running, stopping);
        await Task.Delay(Timeout.InfiniteTimeSpan, services.Time, stopping).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        await running.CloseAsync().ConfigureAwait(false);
        if (await Task.WhenAny(sweeping, Task.Delay(services.Settings.RevokeTimeout, services.Time, CancellationToken.None)).ConfigureAwait(false) != sweeping)
        {
            running.Abandon();
        }

        await sweeping.ConfigureAwait(false);
    }

    private async Task SweepAsync(PartitionProgress running, CancellationToken stopping)
    {
        while (!stopping.IsCancellationRequested)
        {
            try
            {
                foreach (var topic in services.KnownTopics.All)
                {
                    await PassAsync(topic, running).ConfigureAwait(false);
                }
            }
            catch (EndpointPausedException)
            {
                // What waits goes on waiting, with all other messages.
            }
            catch (Exception error)
            {
                // Whatever it is, what waits still waits, and the next pass tries again.
                services.Logger.SweepFailed(error, services.Settings.Group, services.TopicName);
            }

            await Task.Delay(services.Outbox.QueryDelay, services.Time, stopping).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }
    }

    private async Task PassAsync(string topic, PartitionProgress running)
    {
        var group = services.Settings.Group;
        LogContext.SetCurrentIfNull(log);
        foreach (var gap in await services.Buffer.ExpireAsync(group, topic, running.Abandoned).ConfigureAwait(false))
        {
            services.Metrics.Gap(group, gap.Decision);
            services.Logger.GapOverdue(group, gap.Sequence.EntityId, gap.Version, gap.Decision);
        }

        foreach (var sequence in await services.Buffer.ReadyAsync(group, topic, running.Abandoned).ConfigureAwait(false))
        {
            await turns.FollowAsync(sequence, running).ConfigureAwait(false);
        }

        foreach (var parked in await services.Buffer.RetriesAsync(group, topic, running.Abandoned).ConfigureAwait(false))
        {
            await turns.RetryAsync(parked, running).ConfigureAwait(false);
        }
    }
}
