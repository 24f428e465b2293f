using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using Outbox.Delivery.Leases;
using Outbox.Delivery.Publishing;
using Outbox.Diagnostics;
using Outbox.Messages;

namespace Outbox.Delivery;

/// <summary>
/// One sweep: read a page, publish it, delete what was acknowledged, while the next page is already being read. A message that fails holds back
/// its entity for the rest of the sweep, so nothing of that entity overtakes it.
/// </summary>
internal sealed class Relay(
    IOutboxReader reader, IMessagePublisher publisher, LaneLeases leases, IOptions<OutboxOptions> options, ILogger<Relay> logger)
{
    private readonly HashSet<string> _held = new(StringComparer.Ordinal);

    /// <summary>The part of a lease that one batch may take. With the publisher's own time limit below the rest, nothing is sent after the lease.</summary>
    private TimeSpan BatchDeadline => options.Value.LeaseDuration * DeliveryTimes.BatchShare;

    public async Task<RelayPass> SweepAsync(CancellationToken cancellationToken)
    {
        _held.Clear();
        var pass = RelayPass.Nothing;
        var lanes = leases.Lanes;
        if (lanes.Count == 0)
        {
            return pass;
        }

        var pages = new PrefetchedPages(reader, lanes, options.Value.QueryMessageLimit, cancellationToken);
        await using var _ = pages.ConfigureAwait(false);
        while (MayPublish() && await pages.TakeAsync().ConfigureAwait(false) is { } page)
        {
            var done = await PublishAsync(page.Where(message => !_held.Contains(message.EntityId)).ToList(), cancellationToken).ConfigureAwait(false);
            pass = Sum(pass, done);
            if (done is { Failed: > 0, Published: 0 })
            {
                break;
            }
        }

        return pass;
    }

    private bool MayPublish() =>
        !leases.IsUnbalanced && leases.Remaining > options.Value.LeaseDuration * DeliveryTimes.NeededShare;

    private async Task<RelayPass> PublishAsync(List<OutboxMessage> page, CancellationToken cancellationToken)
    {
        if (page.Count == 0)
        {
            return RelayPass.Nothing;
        }

        using var activity = OutboxTelemetry.Activities.StartActivity("outbox relay");
        activity?.SetTag("messaging.batch.message_count", page.Count);
        var results = await publisher.PublishAsync(page, BatchDeadline, cancellationToken).ConfigureAwait(false);
        var batch = new PublishedBatch(page, results);
        _held.UnionWith(batch.Held);

        // What the broker acknowledged is deleted even during shutdown: leaving it would publish it twice.
        if (batch.Published.Count > 0)
        {
            await reader.DeleteAsync(batch.Published, CancellationToken.None).ConfigureAwait(false);
        }

        if (batch.Refused.Count > 0)
        {
            await reader.ParkAsync(batch.Refused, CancellationToken.None).ConfigureAwait(false);
            foreach (var parked in batch.Refused)
            {
                logger.MessageParked(parked.Message.MessageId, parked.Message.Type, parked.Message.EntityId, parked.Message.Topic, parked.Error);
            }
        }

        return new RelayPass(batch.Published.Count, batch.Refused.Count, batch.Failed, batch.Error);
    }

    private static RelayPass Sum(RelayPass sum, RelayPass more) =>
        new(sum.Published + more.Published, sum.Parked + more.Parked, sum.Failed + more.Failed, sum.Error ?? more.Error);
}
