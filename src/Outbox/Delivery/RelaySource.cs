using Microsoft.Extensions.Options;
using Outbox.Delivery.Batches;
using Outbox.Delivery.Leases;

namespace Outbox.Delivery;

/// <summary>What a sweep reads from: the outbox, within the lanes that this relay may touch.</summary>
internal sealed class RelaySource(IOutboxReader reader, LaneLeases leases, HeldEntities held, IOptions<OutboxOptions> options, RelayRuntime runtime)
{
    private long _askedAt;
    private long? _dueReadAt;

    public RelayRuntime Runtime => runtime;

    /// <summary>Reads delayed messages that are due, as <see cref="Read"/> does the others; <see langword="null"/> if less than a query delay has passed since.</summary>
    public PrefetchedPages? ReadDue(SweepRequest request, CancellationToken cancellationToken)
    {
        if (_dueReadAt is { } last && runtime.Time.GetElapsedTime(last, _askedAt) < options.Value.QueryDelay)
        {
            return null;
        }

        // What became due since the request was made is for the next one.
        _dueReadAt = _askedAt;
        return new PrefetchedPages(stop => reader.ReadDueAsync(request, stop), options.Value.QueryByteLimit, cancellationToken);
    }

    /// <summary>Reads pages in order, the next one while the caller works on the last.</summary>
    public PrefetchedPages Read(SweepRequest request, CancellationToken cancellationToken) =>
        new(stop => reader.SweepAsync(request, stop), options.Value.QueryByteLimit, cancellationToken);

    public bool HasLanes => leases.Lanes.Count > 0;

    public async Task<SweepRequest> RequestAsync(CancellationToken cancellationToken)
    {
        var entities = await held.GetAsync(cancellationToken).ConfigureAwait(false);
        _askedAt = runtime.Time.GetTimestamp();
        return new(leases.Lanes, options.Value.QueryMessageLimit, entities, leases.ServerNow);
    }

    /// <summary>
    /// Whether what was read may be published: every lane of the sweep is still held, for long enough for one more batch, and nobody waits for one of them.
    /// </summary>
    public bool MayPublish(SweepRequest request) =>
        !leases.IsUnbalanced
        && leases.Remaining > options.Value.LeaseDuration * DeliveryTimes.NeededShare
        && leases.Lanes.IsSupersetOf(request.Lanes);

    /// <summary>How long a batch that starts now may take: less after a pause, so that its end stays as far from the leases' end as it should be.</summary>
    public TimeSpan BatchTime
    {
        get
        {
            var lease = options.Value.LeaseDuration;
            var left = leases.Remaining - (lease * (DeliveryTimes.NeededShare - DeliveryTimes.BatchShare));
            return left < lease * DeliveryTimes.BatchShare ? left : lease * DeliveryTimes.BatchShare;
        }
    }
}
