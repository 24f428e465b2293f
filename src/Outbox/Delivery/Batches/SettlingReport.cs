using Microsoft.Extensions.Logging;
using Outbox.Delivery.Publishing;
using Outbox.Messages;

namespace Outbox.Delivery.Batches;

/// <summary>Says and counts what became of messages that were not published.</summary>
internal sealed class SettlingReport(RelayMetrics metrics, ILogger<BatchSettler> logger)
{
    public void Settled(IReadOnlyList<OutboxMessage> expired, IReadOnlyList<UnpublishableMessage> parked)
    {
        foreach (var message in expired)
        {
            logger.MessageExpired(message.MessageId, message.Type, message.Entity, message.ExpiresAt);
        }

        foreach (var (message, error, attempts, _) in parked)
        {
            logger.MessageParked(message.MessageId, message.Type, message.Entity, message.Topic, attempts, error);
        }

        if (expired.Count + parked.Count > 0)
        {
            metrics.Settled(expired, parked.Select(unpublishable => unpublishable.Message));
        }
    }

    public void Refused(OutboxMessage message, string? error) =>
        logger.ReplayRefused(message.MessageId, message.Type, message.Entity, message.Headers[MessageHeaders.ReplayFor], error);
}
