using Microsoft.Extensions.Logging;
using Outbox.Delivery.Publishing;
using Outbox.Delivery.Retrying;
using Outbox.Messages;

namespace Outbox.Delivery.Batches;

/// <summary>Does what the results of a batch ask for: removes what was published, parks what cannot be, and makes the rest wait.</summary>
internal sealed class BatchSettler(
    IOutboxReader reader, IMessagePublisher publisher, RetrySchedule retries, HeldEntities held, ParkingRule parking, ILogger<BatchSettler> logger)
{
    public async Task<RelayPass> SettleAsync(FilteredPage page, PublishedBatch batch)
    {
        var parked = batch.IsUnanswered ? Wait(batch) : Decide(batch);

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
            batch.Published.Count, parked.Count, page.Expired.Count, batch.Failed.Count - parked.Count, page.Waiting, batch.IsUnanswered, batch.Error);
    }

    /// <summary>What goes elsewhere may still get through, so only these messages wait.</summary>
    private List<UnpublishableMessage> Wait(PublishedBatch batch)
    {
        foreach (var place in batch.Failed.Select(PlaceOf).Distinct())
        {
            retries.PlaceFailed(place);
        }

        return [];
    }

    private List<UnpublishableMessage> Decide(PublishedBatch batch)
    {
        foreach (var message in batch.Published)
        {
            retries.EntityDone(message.Entity);
        }

        if (retries.AnyPlaceFailed || batch.Failed.Count > 0)
        {
            NotePlaces(batch);
        }

        return batch.Failed.Select(failed => parking.Decide(failed.Message, failed.Result)).OfType<UnpublishableMessage>().ToList();
    }

    private void NotePlaces(PublishedBatch batch)
    {
        var working = batch.Published.Select(publisher.PlaceOf).ToHashSet();
        foreach (var place in working)
        {
            retries.PlaceDone(place);
        }

        var failing = batch.Failed.Where(failed => failed.Result.Status != PublishStatus.Refused).Select(PlaceOf);
        foreach (var place in failing.Distinct().Except(working))
        {
            retries.PlaceFailed(place);
        }
    }

    private Place PlaceOf((OutboxMessage Message, PublishResult Result) failed) => failed.Result.Place ?? publisher.PlaceOf(failed.Message);

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
