using Microsoft.Extensions.Logging;
using Outbox.Inbox;
using Outbox.Inbox.Failing;
using Outbox.Kafka.Inbox.Endpoint;
using Outbox.Kafka.Inbox.Way;

namespace Outbox.Kafka.Inbox.Ending;

/// <summary>Decides what a failed attempt means: an outage, which is everyone's; a failure of most messages; or the message's own, for which it is parked.</summary>
internal sealed class Failures(Outages outages, KillSwitch killSwitch, FailedMessages failed, RetryWaits waits, ILogger logger)
{
    /// <summary>How often a message may meet what looks like an outage while the database answers others.</summary>
    private const int MostSuspected = 8;

    public void Succeeded() => killSwitch.Succeeded();

    public async ValueTask<After> FailedAsync(Passage message, Exception error) =>
        await RestAsync(message, error).ConfigureAwait(false) ?? await ParkAsync(() => failed.ParkAsync(message, message.FirstError ?? error)).ConfigureAwait(false);

    /// <summary>It is parked until it is tried again. An outage is waited for instead.</summary>
    public async ValueTask<After> LaterAsync(Passage message, Verdict.Later later) =>
        await RestAsync(message, later.Error).ConfigureAwait(false) ?? await ParkAsync(() => failed.ParkUntilAsync(message, later)).ConfigureAwait(false);

    private static async ValueTask<After> ParkAsync(Func<Task> park)
    {
        await park().ConfigureAwait(false);
        return After.End;
    }

    /// <returns>What comes next where it is not the message's own failure.</returns>
    private async Task<After?> RestAsync(Passage message, Exception error)
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

        return await killSwitch.FailedAsync(error).ConfigureAwait(false) is { } restart ? After.Waiting(new Rest(null, restart)) : null;
    }
}
