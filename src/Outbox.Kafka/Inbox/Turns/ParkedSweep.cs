using Microsoft.Extensions.Logging;
using Outbox.Kafka.Inbox.Endpoint;
using Outbox.Kafka.Inbox.Way;

namespace Outbox.Kafka.Inbox.Turns;

/// <summary>
/// Looks after what is parked: messages whose turn came while nobody was there to run them, whose deadline is over, or that a person wants to be tried again. Every instance does; the inbox sees
/// to it that a message that two of them run takes effect once.
/// </summary>
internal sealed class ParkedSweep(EndpointName endpoint, SweepPass pass, TimeSpan interval, TimeProvider time, ILogger logger)
{
    /// <param name="finish">How long what runs at the end may take to finish.</param>
    /// <param name="stopping">Ends it.</param>
    public async Task RunAsync(TimeSpan finish, CancellationToken stopping)
    {
        var lifetime = new Lifetime();
        var sweeping = SweepAsync(lifetime, stopping);
        await Task.Delay(Timeout.InfiniteTimeSpan, time, stopping).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        await lifetime.CloseAsync().ConfigureAwait(false);
        if (await Task.WhenAny(sweeping, Task.Delay(finish, time, CancellationToken.None)).ConfigureAwait(false) != sweeping)
        {
            lifetime.Abandon();
        }

        await sweeping.ConfigureAwait(false);
    }

    private async Task SweepAsync(Lifetime lifetime, CancellationToken stopping)
    {
        while (!stopping.IsCancellationRequested)
        {
            try
            {
                await pass.RunAsync(lifetime).ConfigureAwait(false);
            }
            catch (Exception error)
            {
                // Whatever it is, what waits still waits, and the next pass tries again.
                logger.SweepFailed(error, endpoint.Group, endpoint.Topic);
            }

            await Task.Delay(interval, time, stopping).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }
    }
}
