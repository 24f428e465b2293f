namespace Outbox.Delivery.Leases;

/// <summary>Asks the lease store in this relay's name.</summary>
internal sealed class LaneGuard(ILeaseStore store, RelayIdentity identity) : ILaneGuard
{
    /// <inheritdoc/>
    public Task<bool> OwnsAsync(int lane, CancellationToken cancellationToken) => store.OwnsAsync(lane, identity.Owner, cancellationToken);
}
