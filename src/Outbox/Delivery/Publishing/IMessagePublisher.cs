using Outbox.Messages;

namespace Outbox.Delivery.Publishing;

/// <summary>Publishes batches to the broker.</summary>
public interface IMessagePublisher
{
    /// <summary>
    /// Publishes a batch in its order and waits for every delivery report. What is reported as published has been acknowledged by all in-sync
    /// replicas, and within one entity the published messages are always a prefix of the batch's.
    /// </summary>
    /// <param name="messages">The batch, ordered per entity.</param>
    /// <param name="deadline">How long the batch may take. Whatever is unacknowledged by then is reported as failed and will not be sent later.</param>
    /// <param name="cancellationToken">Gives up at once, as if the deadline had passed.</param>
    /// <returns>One result for each message, in the batch's order. What is known of one message, or of one place, is no exception but its result.</returns>
    /// <exception cref="StoreFailedException">The database did not say what the publisher needs to know. It says nothing about any message: they are tried again, and no attempt is counted.</exception>
    Task<IReadOnlyList<PublishResult>> PublishAsync(IReadOnlyList<OutboxMessage> messages, TimeSpan deadline, CancellationToken cancellationToken);

    /// <summary>
    /// Where a message goes, as finely as the publisher knows: messages to one place are up or down together, as those to one partition are. When nothing gets
    /// through to a place, its messages wait, and others go on. Asked for every message of every page, so it asks nobody.
    /// </summary>
    Place PlaceOf(OutboxMessage message) => new(message.Topic);
}
