using Microsoft.Extensions.Logging;
using Outbox.Inbox;
using Outbox.Kafka.Inbox.Endpoint;
using Outbox.Kafka.Inbox.Way;

namespace Outbox.Kafka.Inbox.Ending;

/// <summary>Decides what a failed attempt means: an outage, which is everyone's; a failure of most messages; or the message's own, for which it is parked.</summary>
internal sealed class Failures(Outages outages, KillSwitch killSwitch, Parking parking, RetryWaits waits, ILogger logger)
{
    /// <summary>How often a message may meet what looks like an outage while the database answers others.</summary>
    private const int MostSuspected = 8;

    public void Succeeded() => killSwitch.Succeeded();

    public async Task<After> FailedAsync(Passage message, Exception error)
    {
        var lifetime = message.Lifetime;
        if (lifetime.Abandoned.IsCancellationRequested)
        {
            return After.Left;
        }

        if (outages.IsSuspected(error))
        {
            if (await outages.IsOutageAsync(error, lifetime.Abandoned).ConfigureAwait(false))
            {
                return After.Waiting(new Rest(error));
            }

            message.FirstError ??= error;
            if (++message.Suspected < MostSuspected)
            {
                logger.FailedAlone(error, message.Record.Position.ToString(), waits.After(message.Returns), message.Suspected, MostSuspected);
                return After.Waiting(new Rest(null));
            }
        }

        if (await killSwitch.FailedAsync(error).ConfigureAwait(false) is { } restart)
        {
            return After.Waiting(new Rest(null, restart));
        }

        await parking.ParkFailedAsync(message, message.FirstError ?? error).ConfigureAwait(false);
        return After.End;
    }
}
