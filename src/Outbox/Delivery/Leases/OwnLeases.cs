using Microsoft.Extensions.Options;

namespace Outbox.Delivery.Leases;

/// <summary>Asks the lease store in this relay's name.</summary>
internal sealed class OwnLeases(ILeaseStore store, RelayIdentity identity, IOptions<OutboxOptions> options)
{
    public TimeSpan Duration => options.Value.LeaseDuration;

    public Task<LeaseView> HeartbeatAsync(CancellationToken cancellationToken) =>
        StoreFailedException.NameAsync("renewing the leases", () => store.HeartbeatAsync(identity.Owner, Duration, cancellationToken));

    public Task<IReadOnlyCollection<int>> AcquireAsync(IReadOnlyCollection<int> lanes, CancellationToken cancellationToken) =>
        StoreFailedException.NameAsync("taking lanes", () => store.AcquireAsync(lanes, identity.Owner, Duration, cancellationToken));

    public Task<bool> OwnsAsync(int lane, CancellationToken cancellationToken) =>
        StoreFailedException.NameAsync("asking whose a lane is", () => store.OwnsAsync(lane, identity.Owner, cancellationToken));

    public Task ReleaseAsync(IReadOnlyCollection<int> lanes, CancellationToken cancellationToken) =>
        StoreFailedException.NameAsync("giving lanes back", () => store.ReleaseAsync(lanes, identity.Owner, cancellationToken));

    public Task LeaveAsync(CancellationToken cancellationToken) => store.LeaveAsync(identity.Owner, cancellationToken);
}
