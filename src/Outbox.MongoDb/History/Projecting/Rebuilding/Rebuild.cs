using Outbox.History.Projecting.Building;
using Outbox.History.Storing;
using Outbox.MongoDb.History.Projecting.Builds;
using Outbox.MongoDb.History.Projecting.Pages;

namespace Outbox.MongoDb.History.Projecting.Rebuilding;

/// <summary>
/// Reads the whole history for a build, entity by entity. The topic's end is noted first: what is written behind the place that the scan has reached was published after that, and comes on Kafka. A
/// scan that is interrupted goes on where it was, here or in another instance.
/// </summary>
internal sealed class Rebuild(IHistoryStore history, MongoProjectionPages pages, IEnumerable<IProjectionFeed> feeds, TimeProvider time, RebuildReport report)
{
    private readonly IProjectionFeed? _feed = feeds.LastOrDefault();

    /// <param name="scan">The scan, whose lease this instance has.</param>
    /// <param name="cancellationToken">Stops it; it can go on later.</param>
    public async Task RunAsync(BuildScan scan, CancellationToken cancellationToken)
    {
        var registration = scan.Build.Registration;
        var total = await history.CountAsync(registration.EntityType, cancellationToken).ConfigureAwait(false);
        if (!scan.IsPinned && !registration.Inline)
        {
            await _feed!.PinAsync(scan.Build.Id, registration.Topic, cancellationToken).ConfigureAwait(false);
        }

        await scan.PinnedAsync(total, cancellationToken).ConfigureAwait(false);
        if (!scan.IsSecond)
        {
            await ReadAsync(scan, total, cancellationToken).ConfigureAwait(false);
        }

        if (registration.Inline)
        {
            await SettleAsync(scan, cancellationToken).ConfigureAwait(false);
            await ReadAsync(scan, total, cancellationToken).ConfigureAwait(false);
        }

        await scan.ScannedAsync(cancellationToken).ConfigureAwait(false);
    }

    /// <summary>Nothing tells an inline build what transactions write that began before it was there; once they have ended, the history does.</summary>
    private async Task SettleAsync(BuildScan scan, CancellationToken cancellationToken)
    {
        if (!scan.IsSecond)
        {
            await scan.BeginSecondAsync(cancellationToken).ConfigureAwait(false);
        }

        while (await scan.TakeAsync(cancellationToken).ConfigureAwait(false) && scan.Settling > TimeSpan.Zero)
        {
            await Task.Delay(scan.Settling < RebuildReport.Beat ? scan.Settling : RebuildReport.Beat, time, cancellationToken).ConfigureAwait(false);
        }
    }

    private async Task ReadAsync(BuildScan scan, long total, CancellationToken cancellationToken)
    {
        var progress = report.Begin(scan, total);
        var size = PageSize.First;
        var next = PageAsync(scan, scan.Place, size, cancellationToken);
        while (await next.ConfigureAwait(false) is { Count: > 0 } page)
        {
            // The next page is read while this one is written.
            size = PageSize.After(page, size);
            next = PageAsync(scan, new HistoryPlace(page[^1].Message.Entity, page[^1].Message.Version), size, cancellationToken);
            try
            {
                await pages.ScanAsync(scan, page, cancellationToken).ConfigureAwait(false);
            }
            catch
            {
                await ((Task)next).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
                throw;
            }

            progress.Read(page.Count);
        }

        progress.End();
    }

    private async Task<IReadOnlyList<KeptEvent>> PageAsync(BuildScan scan, HistoryPlace? after, int size, CancellationToken cancellationToken)
    {
        await foreach (var page in history.ScanAsync(scan.Build.Registration.EntityType, after, size, cancellationToken).ConfigureAwait(false))
        {
            return page;
        }

        return [];
    }
}
