using Outbox.Messages;

namespace Outbox.Kafka.Delivery.Sending;

/// <summary>Sends one batch with one producer.</summary>
internal interface IBatchSender : IAsyncDisposable
{
    /// <summary>Sends a batch in its order and waits for every report, or until the deadline. After the first message that is refused nothing more of the batch need be sent.</summary>
    Task<BatchOutcome> SendAsync(IReadOnlyList<OutboxMessage> messages, TimeSpan deadline, CancellationToken cancellationToken);

    /// <summary>Sends messages of which no two are one entity's, so that what is refused concerns no other.</summary>
    Task<BatchOutcome> SendApartAsync(IReadOnlyList<OutboxMessage> messages, TimeSpan deadline, CancellationToken cancellationToken);
}
