using Microsoft.Extensions.Options;

namespace Outbox.Delivery.Leases;

/// <summary>Tells a publisher what this relay may still send.</summary>
internal sealed class LaneGuard(OwnLeases store, LaneLeases leases, IOptions<OutboxOptions> options) : ILaneGuard
{
    /// <inheritdoc/>
    public Task<bool> OwnsAsync(int lane, CancellationToken cancellationToken) => store.OwnsAsync(lane, cancellationToken);

    /// <inheritdoc/>
    public IReadOnlySet<int> Lanes => leases.Lanes;

    /// <inheritdoc/>
    public long Takeovers => leases.Takeovers;

    /// <inheritdoc/>
    public DateTimeOffset Now => leases.ServerNow;

    /// <inheritdoc/>
    public bool MaySend(int lane) =>
        leases.Remaining > options.Value.LeaseDuration * DeliveryTimes.NeededShare && leases.Lanes.Contains(Lane.Base(lane));
}
