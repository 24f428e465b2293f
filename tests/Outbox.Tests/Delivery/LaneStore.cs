using Outbox.Delivery.Leases;

namespace Outbox.Tests.Delivery;

/// <summary>Leases of one relay, which counts what it costs.</summary>
internal sealed class LaneStore : ILeaseStore
{
    public HashSet<int> Held { get; } = [];

    public HashSet<int> Taken { get; } = [];

    public List<int> Released { get; } = [];

    public int Relays { get; set; } = 1;

    public int Heartbeats { get; private set; }

    /// <summary>Whether another relay takes each lane just before this one.</summary>
    public bool IsSlower { get; set; }

    /// <summary>What happens while the majority confirms.</summary>
    public Action Confirming { get; set; } = () => { };

    public Task<LeaseView> HeartbeatAsync(string owner, TimeSpan duration, CancellationToken cancellationToken)
    {
        Heartbeats++;
        Confirming();
        return Task.FromResult(new LeaseView(Relays, Held.ToHashSet(), Taken.ToHashSet(), DateTimeOffset.UnixEpoch));
    }

    public Task<IReadOnlyCollection<int>> AcquireAsync(IReadOnlyCollection<int> lanes, string owner, TimeSpan duration, CancellationToken cancellationToken)
    {
        var free = IsSlower ? [] : lanes.Except(Taken).ToList();
        Held.UnionWith(free);
        return Task.FromResult<IReadOnlyCollection<int>>(free);
    }

    public Task<bool> OwnsAsync(int lane, string owner, CancellationToken cancellationToken) => Task.FromResult(Held.Contains(lane));

    public Task ReleaseAsync(IReadOnlyCollection<int> lanes, string owner, CancellationToken cancellationToken)
    {
        Released.AddRange(lanes);
        Held.ExceptWith(lanes);
        return Task.CompletedTask;
    }

    public Task LeaveAsync(string owner, CancellationToken cancellationToken) => Task.CompletedTask;
}
