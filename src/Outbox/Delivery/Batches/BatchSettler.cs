using Microsoft.Extensions.Logging;
using Outbox.Delivery.Publishing;
using Outbox.Delivery.Retrying;
using Outbox.Messages;

namespace Outbox.Delivery.Batches;

/// <summary>Does what the results of a batch ask for: removes what was published, parks what cannot be, and makes the rest wait.</summary>
internal sealed class BatchSettler(
    IOutboxReader reader, RetrySchedule retries, HeldEntities held, ParkingRule parking, ILogger<BatchSettler> logger)
{
    public async Task<RelayPass> SettleAsync(FilteredPage page, PublishedBatch batch)
    {
        var parked = batch.IsOutage ? [] : Decide(batch);

        // Not cancelled at shutdown: what the broker has acknowledged and is not removed would be published again.
        if (batch.Published.Count + page.Expired.Count > 0)
        {
            await reader.CompleteAsync(batch.Published, page.Expired, CancellationToken.None).ConfigureAwait(false);
        }

        if (parked.Count > 0)
        {
            await reader.ParkAsync(parked, CancellationToken.None).ConfigureAwait(false);
        }

        Report(page.Expired, parked);
        return new RelayPass(
            batch.Published.Count, parked.Count, page.Expired.Count, batch.Failed.Count - parked.Count, page.Waiting, batch.IsOutage, batch.Error);
    }

    private List<UnpublishableMessage> Decide(PublishedBatch batch)
    {
        foreach (var message in batch.Published)
        {
            retries.EntityDone(message.EntityId);
        }

        var working = batch.Published.Select(message => message.Topic).ToHashSet(StringComparer.Ordinal);
        foreach (var topic in working)
        {
            retries.TopicDone(topic);
        }

        foreach (var topic in batch.Failed.Where(failed => failed.Result.Status != PublishStatus.Refused).Select(failed => failed.Message.Topic).Distinct().Except(working))
        {
            retries.TopicFailed(topic);
        }

        return batch.Failed.Select(failed => parking.Decide(failed.Message, failed.Result)).OfType<UnpublishableMessage>().ToList();
    }

    private void Report(IReadOnlyList<OutboxMessage> expired, List<UnpublishableMessage> parked)
    {
        foreach (var message in expired)
        {
            logger.MessageExpired(message.MessageId, message.Type, message.EntityId, message.ExpiresAt);
        }

        foreach (var (message, error, attempts, holdsEntity) in parked)
        {
            if (holdsEntity)
            {
                held.Add(message.EntityId);
            }

            logger.MessageParked(message.MessageId, message.Type, message.EntityId, message.Topic, attempts, error);
        }

        RelayMetrics.Expired.Add(expired.Count);
        RelayMetrics.Parked.Add(parked.Count);
    }
}
