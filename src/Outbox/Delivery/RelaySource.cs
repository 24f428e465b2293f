using Microsoft.Extensions.Options;
using Outbox.Delivery.Batches;
using Outbox.Delivery.Leases;
using Outbox.Messages;

namespace Outbox.Delivery;

/// <summary>What a sweep reads from: the outbox, within the lanes that this relay may touch.</summary>
internal sealed class RelaySource(IOutboxReader reader, LaneLeases leases, HeldEntities held, IOptions<OutboxOptions> options, RelayRuntime runtime)
{
    private long? _dueReadAt;

    public RelayRuntime Runtime => runtime;

    /// <summary>Reads delayed messages that are due: once in a query delay, or at once again after a full page.</summary>
    public async Task<IReadOnlyList<OutboxMessage>> ReadDueAsync(SweepRequest request, CancellationToken cancellationToken)
    {
        if (_dueReadAt is { } last && runtime.Time.GetElapsedTime(last) < options.Value.QueryDelay)
        {
            return [];
        }

        var started = runtime.Time.GetTimestamp();
        var due = await reader.ReadDueAsync(request, cancellationToken).ConfigureAwait(false);
        _dueReadAt = due.Count == request.PageSize ? null : started;
        return due;
    }

    /// <summary>Reads pages in order, the next one while the caller works on the last.</summary>
    public PrefetchedPages Read(SweepRequest request, CancellationToken cancellationToken) =>
        new(reader, request, options.Value.QueryByteLimit, cancellationToken);

    public bool HasLanes => leases.Lanes.Count > 0;

    public async Task<SweepRequest> RequestAsync(CancellationToken cancellationToken) => new(
        leases.Lanes,
        options.Value.QueryMessageLimit,
        await held.GetAsync(cancellationToken).ConfigureAwait(false),
        leases.ServerNow);

    /// <summary>
    /// Whether what was read may be published: every lane of the sweep is still held, for long enough for one more batch, and nobody waits for one of them.
    /// </summary>
    public bool MayPublish(SweepRequest request) =>
        !leases.IsUnbalanced
        && leases.Remaining > options.Value.LeaseDuration * DeliveryTimes.NeededShare
        && leases.Lanes.IsSupersetOf(request.Lanes);
}
