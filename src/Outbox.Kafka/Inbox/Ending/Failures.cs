using Outbox.Kafka.Inbox.Way;

namespace Outbox.Kafka.Inbox.Ending;

/// <summary>Decides what a failed attempt means: an outage, which is everyone's; a failure of most messages; or the message's own, for which it is parked.</summary>
internal sealed class Failures(Outages outages, KillSwitch killSwitch, Parking parking)
{
    public void Succeeded() => killSwitch.Succeeded();

    public async Task<After> FailedAsync(Passage message, Exception error)
    {
        if (message.Lifetime.Abandoned.IsCancellationRequested)
        {
            return After.Left;
        }

        if (outages.IsOutage(error))
        {
            return After.Waiting(new Rest(error));
        }

        if (await killSwitch.FailedAsync(error).ConfigureAwait(false) is { } restart)
        {
            return After.Waiting(new Rest(null, restart));
        }

        await parking.ParkFailedAsync(message, error).ConfigureAwait(false);
        return After.End;
    }
}
