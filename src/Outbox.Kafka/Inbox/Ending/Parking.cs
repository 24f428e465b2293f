using Microsoft.Extensions.Logging;
using Outbox.Inbox;
using Outbox.Kafka.Formats.Wire;
using Outbox.Kafka.Inbox.DeadLettering;
using Outbox.Kafka.Inbox.Way;

namespace Outbox.Kafka.Inbox.Ending;

/// <summary>Parks what this endpoint cannot process. Failing to park is an outage: a message is never passed over.</summary>
internal sealed class Parking(ParkedAs parkedAs, IInboxParking store, DeadLetters deadLetters, InboxMetrics metrics, ILogger logger)
{
    public async Task ParkUnreadableAsync(Passage message, Exception error)
    {
        var parked = parkedAs.Unreadable(message, error);
        await ParkAsync(message, parked, error).ConfigureAwait(false);
        logger.UnreadableParked(message.Record.Position.ToString(), parked.Endpoint, WireText.Clean(WireText.Short(error.Message, 1_000)));
    }

    public async Task ParkFailedAsync(Passage message, Exception error)
    {
        var parked = parkedAs.Failed(message, error);
        await ParkAsync(message, parked, error).ConfigureAwait(false);
        logger.FailedParked(error, parked.MessageId, parked.Type, message.Record.Position.ToString(), parked.Endpoint, parked.Attempts);
    }

    /// <summary>A person wanted it to be tried again, and the endpoint does not handle it any more: it stays where it is.</summary>
    public Task ParkAgainAsync(ParkedMessage parked, CancellationToken cancellationToken)
    {
        var error = $"The endpoint no longer handles messages of type '{parked.Type}'. Earlier: {parked.Error}";
        return store.ParkAsync(parked with { Error = error }, cancellationToken);
    }

    private async Task ParkAsync(Passage message, ParkedMessage parked, Exception cause)
    {
        await deadLetters.PublishAsync(message, parked, cause).ConfigureAwait(false);
        await store.ParkAsync(parked, message.Lifetime.Abandoned).ConfigureAwait(false);
        metrics.Parked(parked.Endpoint, parked.Reason);
    }
}
