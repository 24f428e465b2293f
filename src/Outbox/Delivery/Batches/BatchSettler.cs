using Outbox.Delivery.Publishing;
using Outbox.Delivery.Retrying;
using Outbox.Messages;
using Outbox.Payloads.Claims;

namespace Outbox.Delivery.Batches;

/// <summary>Does what the results of a batch ask for: removes what was published, parks what cannot be, and makes the rest wait.</summary>
internal sealed class BatchSettler(IOutboxReader reader, HeldEntities held, ParkingRule parking, ClaimCheck claims, SettlingReport report)
{
    /// <param name="page">The page that the batch was taken from.</param>
    /// <param name="batch">What became of it.</param>
    /// <param name="judgement">Whose fault its failures are.</param>
    public async Task<RelayPass> SettleAsync(FilteredPage page, PublishedBatch batch, Judgement judgement)
    {
        var parked = Decide(page, batch, judgement);
        var refused = Refused(judgement);

        // Not cancelled at shutdown: what the broker has acknowledged and is not removed would be published again.
        if (batch.Published.Count + page.Expired.Count + refused.Count > 0)
        {
            await claims.PublishedAsync(batch.Published, page.Expired, CancellationToken.None).ConfigureAwait(false);
            await StoreFailedException.NameAsync(
                "removing what was published", () => reader.CompleteAsync(batch.Published, [.. page.Expired, .. refused], CancellationToken.None)).ConfigureAwait(false);
        }

        if (parked.Count > 0)
        {
            await StoreFailedException.NameAsync(
                "parking what cannot be published", () => reader.ParkAsync(parked, CancellationToken.None)).ConfigureAwait(false);
        }

        parked.Where(message => message.HoldsEntity).ToList().ForEach(message => held.Add(message.Message.Entity));
        report.Settled(page.Expired, parked);
        return new RelayPass(batch.Published.Count, parked.Count, page.Expired.Count, Math.Max(0, batch.Failed.Count - parked.Count), page.Waiting);
    }

    private List<UnpublishableMessage> Decide(FilteredPage page, PublishedBatch batch, Judgement judgement)
    {
        foreach (var message in batch.Published.Where(message => !message.IsReplay))
        {
            parking.Done(message.Entity);
        }

        var own = judgement.Own.Where(failed => !failed.Message.IsReplay).Select(failed => parking.Decide(failed.Message, failed.Result)).OfType<UnpublishableMessage>().ToList();
        if (batch.IsSilent)
        {
            return own;
        }

        // What waited for the one message that a place was tried with has been tried with it.
        var behind = page.Behind.Where(waiting => judgement.Closed.ContainsKey(waiting.Place))
            .Select(waiting => parking.DecideInClosedPlace(waiting.Message, judgement.Closed[waiting.Place].Error));
        var ofPlaces = judgement.OfPlaces.Select(failed => parking.DecideInClosedPlace(failed.Message, failed.Result.Error));
        return [.. own, .. ofPlaces.Concat(behind).OfType<UnpublishableMessage>()];
    }

    /// <summary>
    /// What is repeated for one endpoint and failed itself is neither parked nor waited for, so that its entity's new messages are not either: it is kept, and the endpoint asks again.
    /// </summary>
    private List<OutboxMessage> Refused(Judgement judgement)
    {
        var refused = judgement.Own.Where(failed => failed.Message.IsReplay && failed.Result.Status is PublishStatus.Refused or PublishStatus.Failed).ToList();
        foreach (var (message, result) in refused)
        {
            report.Refused(message, result.Error);
        }

        return refused.ConvertAll(failed => failed.Message);
    }
}
