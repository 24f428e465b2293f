using Outbox.Kafka.Delivery.Producing;
using Outbox.Messages;

namespace Outbox.Kafka.Delivery;

/// <summary>Sends one batch with one producer.</summary>
internal interface IBatchSender : IDisposable
{
    /// <summary>Sends a batch in its order and waits for every report, or until the deadline.</summary>
    Task<ProduceBatch> SendAsync(IReadOnlyList<OutboxMessage> messages, TimeSpan deadline, CancellationToken cancellationToken);
}
