using Outbox.Delivery.Batches;
using Outbox.Delivery.Publishing;
using Outbox.Diagnostics;

namespace Outbox.Delivery;

/// <summary>
/// One sweep: while a page is published, the next one is being read and the last one removed. A message that fails holds back its entity for the
/// rest of the sweep, so nothing of that entity overtakes it.
/// </summary>
internal sealed class Relay(
    RelaySource source, IMessagePublisher publisher, PageFilter filter, BatchSettler settler)
{
    public async Task<RelayPass> SweepAsync(CancellationToken cancellationToken)
    {
        if (!source.HasLanes)
        {
            return RelayPass.Nothing;
        }

        filter.StartSweep();
        var request = await source.RequestAsync(cancellationToken).ConfigureAwait(false);
        var pass = source.ReadDue(request, cancellationToken) is { } due
            ? await DrainAsync(due, request, cancellationToken).ConfigureAwait(false)
            : RelayPass.Nothing;
        return pass.With(await DrainAsync(source.Read(request, cancellationToken), request, cancellationToken).ConfigureAwait(false));
    }

    private async Task<RelayPass> DrainAsync(PrefetchedPages pages, SweepRequest request, CancellationToken cancellationToken)
    {
        await using var _ = pages.ConfigureAwait(false);
        var pass = RelayPass.Nothing;
        var settling = Task.FromResult(RelayPass.Nothing);
        try
        {
            while (!cancellationToken.IsCancellationRequested)
            {
                var asked = source.Runtime.Time.GetTimestamp();
                var page = await pages.TakeAsync().ConfigureAwait(false);
                pass = pass with { Reading = pass.Reading + source.Runtime.Time.GetElapsedTime(asked) };
                if (page is null || !source.MayPublish(request))
                {
                    break;
                }

                var filtered = filter.Filter(page);
                var batch = await PublishAsync(filtered).ConfigureAwait(false);
                pass = pass.With(await settling.ConfigureAwait(false));
                settling = settler.SettleAsync(filtered, batch);
                if (batch.IsUnanswered)
                {
                    // The next sweep passes over what waits now; this one has read ahead already.
                    break;
                }
            }
        }
        finally
        {
            // Before anything is read again: a page that is still being removed would be published twice.
            pass = pass.With(await settling.ConfigureAwait(false));
        }

        return pass;
    }

    /// <summary>Not cancelled at shutdown: a batch that is let finish, within its deadline, is not published twice.</summary>
    private async Task<PublishedBatch> PublishAsync(FilteredPage page)
    {
        if (page.Ready.Count == 0)
        {
            return PublishedBatch.Empty;
        }

        using var activity = OutboxTelemetry.Activities.StartActivity("outbox relay");
        activity?.SetTag("messaging.batch.message_count", page.Ready.Count);
        var started = source.Runtime.Time.GetTimestamp();
        var time = source.BatchTime;
        var results = time > TimeSpan.Zero
            ? await publisher.PublishAsync(page.Ready, time, CancellationToken.None).ConfigureAwait(false)
            : [.. page.Ready.Select(_ => PublishResult.Held)];
        var batch = new PublishedBatch(page.Ready, results);
        filter.Hold(batch.Unpublished);
        RelayMetrics.Published.Add(batch.Published.Count);
        RelayMetrics.Failures.Add(batch.Failed.Count);
        RelayMetrics.BatchDuration.Record(source.Runtime.Time.GetElapsedTime(started).TotalSeconds);
        return batch;
    }
}
