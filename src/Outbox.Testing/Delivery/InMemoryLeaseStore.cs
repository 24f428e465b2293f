using Outbox.Delivery.Leases;
using Outbox.Testing.Store;

namespace Outbox.Testing.Delivery;

/// <summary>Leases by the clock of the process.</summary>
internal sealed class InMemoryLeaseStore(InMemoryStore store, TimeProvider time) : ILeaseStore
{
    /// <inheritdoc/>
    public Task<LeaseView> HeartbeatAsync(string owner, TimeSpan duration, CancellationToken cancellationToken) => Task.FromResult(store.Run(tables =>
    {
        var now = time.GetUtcNow();
        tables.Relays[owner] = now;
        var live = tables.Leases.Where(lease => lease.Value.ExpiresAt > now).ToList();
        foreach (var (lane, _) in live.Where(lease => lease.Value.Owner == owner))
        {
            tables.Leases[lane] = new Lease(owner, now + duration);
        }

        var byOwner = live.ToLookup(lease => lease.Value.Owner == owner, lease => lease.Key);
        return new LeaseView(tables.Relays.Values.Count(seen => seen > now - duration), byOwner[true].ToHashSet(), byOwner[false].ToHashSet(), now);
    }));

    /// <inheritdoc/>
    public Task<IReadOnlyCollection<int>> AcquireAsync(IReadOnlyCollection<int> lanes, string owner, TimeSpan duration, CancellationToken cancellationToken) =>
        Task.FromResult(store.Run<IReadOnlyCollection<int>>(tables =>
        {
            var now = time.GetUtcNow();
            var free = lanes.Where(lane => !tables.Leases.TryGetValue(lane, out var lease) || lease.ExpiresAt <= now).ToList();
            free.ForEach(lane => tables.Leases[lane] = new Lease(owner, now + duration));
            return free;
        }));

    /// <inheritdoc/>
    public Task<bool> OwnsAsync(int lane, string owner, CancellationToken cancellationToken) => Task.FromResult(store.Run(tables =>
        tables.Leases.TryGetValue(lane, out var lease) && lease.Owner == owner && lease.ExpiresAt > time.GetUtcNow()));

    /// <inheritdoc/>
    public Task ReleaseAsync(IReadOnlyCollection<int> lanes, string owner, CancellationToken cancellationToken)
    {
        store.Run(tables =>
        {
            foreach (var lane in lanes.Where(lane => tables.Leases.TryGetValue(lane, out var lease) && lease.Owner == owner))
            {
                tables.Leases.Remove(lane);
            }
        });
        return Task.CompletedTask;
    }

    /// <inheritdoc/>
    public Task LeaveAsync(string owner, CancellationToken cancellationToken)
    {
        store.Run(tables =>
        {
            tables.Relays.Remove(owner);
        });
        return Task.CompletedTask;
    }
}
