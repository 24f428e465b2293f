using Outbox.Delivery.Batches;
using Outbox.Delivery.Retrying;
using Outbox.Messages;

namespace Outbox.Delivery.Relaying;

/// <summary>
/// One sweep: while a page is published, the next one is being read and the last one removed. A message that fails holds back its entity for the
/// rest of the sweep, so nothing of that entity overtakes it. When a place closes, or a topic is paused, the sweep goes on without its messages where it stopped.
/// </summary>
internal sealed class Relay(RelaySource source, PagePublisher publisher, PageFilter filter, BatchSettler settler, ClosedPlaces places)
{
    public async Task<RelayPass> SweepAsync(CancellationToken cancellationToken)
    {
        if (!source.HasLanes || !await source.StartSweepAsync(cancellationToken).ConfigureAwait(false))
        {
            return RelayPass.Nothing;
        }

        filter.StartSweep();
        var request = await source.RequestAsync(cancellationToken).ConfigureAwait(false);
        var pass = source.IsTimeForDue() ? await DrainAsync(source.ReadDue, request, cancellationToken).ConfigureAwait(false) : RelayPass.Nothing with { IsCut = places.Any };
        pass = pass.With(await DrainAsync(source.Read, request, cancellationToken).ConfigureAwait(false));
        if (!pass.IsCut)
        {
            places.EndSweep();
        }

        return pass;
    }

    private async Task<RelayPass> DrainAsync(
        Func<SweepRequest, CancellationToken, PrefetchedPages> read, SweepRequest request, CancellationToken cancellationToken)
    {
        var (pass, lane) = await DrainOnceAsync(read(request, cancellationToken), request, cancellationToken).ConfigureAwait(false);
        while (lane is { } from)
        {
            request = source.GoOn(request, from);
            (var more, lane) = await DrainOnceAsync(read(request, cancellationToken), request, cancellationToken).ConfigureAwait(false);
            pass = pass.With(more);
        }

        return pass;
    }

    /// <returns>What was done; and, when something began to wait, the lane in which to go on without it.</returns>
    private async Task<(RelayPass Pass, int? GoOnAt)> DrainOnceAsync(PrefetchedPages pages, SweepRequest request, CancellationToken cancellationToken)
    {
        await using var _ = pages.ConfigureAwait(false);
        var pass = RelayPass.Nothing;
        var settling = Task.FromResult(RelayPass.Nothing);
        int? goOnAt = null;
        try
        {
            while (goOnAt is null)
            {
                var asked = source.Time.GetTimestamp();
                var page = await pages.TakeAsync().ConfigureAwait(false);
                pass = pass with { Reading = pass.Reading + source.Time.GetElapsedTime(asked) };
                if (page is null)
                {
                    break;
                }

                if (cancellationToken.IsCancellationRequested || !source.MayPublish(request))
                {
                    pass = pass with { IsCut = true };
                    break;
                }

                var published = await publisher.PublishAsync(page, request).ConfigureAwait(false);
                pass = pass.With(await settling.ConfigureAwait(false));
                settling = settler.SettleAsync(published.Page, published.Batch, published.Judgement);
                goOnAt = source.IsOutdated ? LastLane(page) : null;
            }
        }
        finally
        {
            // Before anything is read again: a page that is still being removed would be published twice.
            pass = pass.With(await settling.ConfigureAwait(false));
        }

        return (pass, goOnAt);
    }

    private static int? LastLane(IReadOnlyList<OutboxMessage> page) => page.Count == 0 ? null : page[^1].Lane;
}
