using Outbox.Kafka.Inbox.Way;

namespace Outbox.Kafka.Inbox.Ending;

/// <summary>Decides what a failed attempt means: an outage, which is everyone's; a failure of most messages; or the message's own, for which it is parked.</summary>
internal sealed class Failures(Outages outages, KillSwitch killSwitch, Faults faults, Parking parking)
{
    public void Succeeded() => killSwitch.Succeeded();

    public async Task<After> FailedAsync(Passage message, Exception error) =>
        await RestAsync(message, error).ConfigureAwait(false) ?? await ParkAsync(() => ParkFailedAsync(message, error)).ConfigureAwait(false);

    /// <summary>It is parked until it is tried again. An outage is waited for instead.</summary>
    public async Task<After> LaterAsync(Passage message, Verdict.Later later) =>
        await RestAsync(message, later.Error).ConfigureAwait(false) ?? await ParkAsync(() => parking.ParkUntilAsync(message, later)).ConfigureAwait(false);

    private async Task ParkFailedAsync(Passage message, Exception error)
    {
        await faults.PublishAsync(message, error).ConfigureAwait(false);
        await parking.ParkFailedAsync(message, error).ConfigureAwait(false);
    }

    private static async Task<After> ParkAsync(Func<Task> park)
    {
        await park().ConfigureAwait(false);
        return After.End;
    }

    /// <returns>What comes next where it is not the message's own failure.</returns>
    private async Task<After?> RestAsync(Passage message, Exception error)
    {
        if (message.Lifetime.Abandoned.IsCancellationRequested)
        {
            return After.Left;
        }

        if (outages.IsOutage(error))
        {
            return After.Waiting(new Rest(error));
        }

        return await killSwitch.FailedAsync(error).ConfigureAwait(false) is { } restart ? After.Waiting(new Rest(null, restart)) : null;
    }
}
