using Outbox.Delivery.Batches;
using Outbox.Delivery.Publishing;
using Outbox.Messages;

namespace Outbox.Delivery.Relaying;

/// <summary>Publishes what may be published of a page.</summary>
internal sealed class PagePublisher(RelaySource source, PageFilter filter, BatchPublisher publisher, PlaceJudge judge, RelayMetrics metrics)
{
    public async Task<PublishedPage> PublishAsync(IReadOnlyList<OutboxMessage> messages, SweepRequest request)
    {
        var page = filter.Filter(messages);
        var batch = await PublishAsync(page, request).ConfigureAwait(false);
        return new PublishedPage(page, batch, judge.Judge(batch));
    }

    /// <summary>Not cancelled at shutdown: a batch that is let finish, within its deadline, is not published twice.</summary>
    private async Task<PublishedBatch> PublishAsync(FilteredPage page, SweepRequest request)
    {
        if (page.Ready.Count == 0)
        {
            return PublishedBatch.Empty;
        }

        using var spans = SendSpans.Start(page.Ready);
        var started = source.Time.GetTimestamp();
        var time = source.BatchTime;
        var results = time > TimeSpan.Zero
            ? await publisher.PublishAsync(page.Ready, time).ConfigureAwait(false)
            : [.. page.Ready.Select(_ => PublishResult.Held)];
        spans?.End(results);
        var batch = new PublishedBatch(page.Ready, source.Holds(request) ? results : WithoutBlame(results));
        filter.Hold(batch.Unpublished);
        metrics.Batch(
            batch.Published, batch.Failed.Select(failed => failed.Message), page.Ready.Count, source.Time.GetElapsedTime(started), source.Time.GetUtcNow());
        return batch;
    }

    /// <summary>What a relay that is losing its leases did not send, nobody refused to answer.</summary>
    private static IReadOnlyList<PublishResult> WithoutBlame(IReadOnlyList<PublishResult> results) =>
        [.. results.Select(result => result.Status == PublishStatus.Unavailable ? PublishResult.Held : result)];
}
