using Microsoft.Extensions.Options;

namespace Outbox.Delivery.Leases;

/// <summary>Asks the lease store in this relay's name.</summary>
internal sealed class LaneGuard(ILeaseStore store, RelayIdentity identity, LaneLeases leases, IOptions<OutboxOptions> options) : ILaneGuard
{
    /// <inheritdoc/>
    public Task<bool> OwnsAsync(int lane, CancellationToken cancellationToken) => store.OwnsAsync(lane, identity.Owner, cancellationToken);

    /// <inheritdoc/>
    public IReadOnlySet<int> Lanes => leases.Lanes;

    /// <inheritdoc/>
    public DateTimeOffset Now => leases.ServerNow;

    /// <inheritdoc/>
    public bool MaySend(int lane) =>
        leases.Remaining > options.Value.LeaseDuration * DeliveryTimes.NeededShare && leases.Lanes.Contains(Lane.Base(lane));
}
