using Microsoft.Extensions.Options;
using Outbox.Delivery.Batches;
using Outbox.Delivery.Publishing;
using Outbox.Diagnostics;

namespace Outbox.Delivery;

/// <summary>
/// One sweep: read a page, publish it, remove what was acknowledged, while the next page is already being read. A message that fails holds back
/// its entity for the rest of the sweep, so nothing of that entity overtakes it.
/// </summary>
internal sealed class Relay(
    RelaySource source, IMessagePublisher publisher, PageFilter filter, BatchSettler settler, IOptions<OutboxOptions> options)
{
    private TimeSpan Lease => options.Value.LeaseDuration;

    public async Task<RelayPass> SweepAsync(CancellationToken cancellationToken)
    {
        var pass = RelayPass.Nothing;
        if (!source.HasLanes)
        {
            return pass;
        }

        filter.StartSweep();
        var request = await source.RequestAsync(cancellationToken).ConfigureAwait(false);
        var due = await source.ReadDueAsync(request, cancellationToken).ConfigureAwait(false);
        pass = pass.With(await PublishAsync(filter.Filter(due), cancellationToken).ConfigureAwait(false));

        var pages = source.Read(request, cancellationToken);
        await using var _ = pages.ConfigureAwait(false);
        while (source.MayPublish(Lease * DeliveryTimes.NeededShare) && await pages.TakeAsync().ConfigureAwait(false) is { } page)
        {
            var done = await PublishAsync(filter.Filter(page), cancellationToken).ConfigureAwait(false);
            pass = pass.With(done);
            if (done.IsOutage)
            {
                break;
            }
        }

        return pass;
    }

    private async Task<RelayPass> PublishAsync(FilteredPage page, CancellationToken cancellationToken)
    {
        if (page.Ready.Count + page.Expired.Count == 0)
        {
            return RelayPass.Nothing with { Waiting = page.Waiting };
        }

        using var activity = OutboxTelemetry.Activities.StartActivity("outbox relay");
        activity?.SetTag("messaging.batch.message_count", page.Ready.Count);
        var started = source.Runtime.Time.GetTimestamp();
        var results = page.Ready.Count == 0
            ? []
            : await publisher.PublishAsync(page.Ready, Lease * DeliveryTimes.BatchShare, cancellationToken).ConfigureAwait(false);
        var done = await settler.SettleAsync(page, results).ConfigureAwait(false);
        foreach (var entity in done.Unpublished)
        {
            filter.Hold(entity);
        }

        RelayMetrics.Published.Add(done.Published);
        RelayMetrics.Failures.Add(done.Failed);
        RelayMetrics.BatchDuration.Record(source.Runtime.Time.GetElapsedTime(started).TotalSeconds);
        return done;
    }
}
