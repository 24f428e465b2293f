using Outbox.Kafka.Inbox.Way;

namespace Outbox.Kafka.Inbox.Ending;

/// <summary>Parks messages that failed: for good, after those that asked for it were told, or until they are tried again.</summary>
internal sealed class FailedMessages(Faults? faults, Parking parking)
{
    public async Task ParkAsync(Passage message, Exception error)
    {
        if (faults is not null)
        {
            await faults.PublishAsync(message, error).ConfigureAwait(false);
        }

        await parking.ParkFailedAsync(message, error).ConfigureAwait(false);
    }

    public Task ParkUntilAsync(Passage message, Verdict.Later later) => parking.ParkUntilAsync(message, later);
}
