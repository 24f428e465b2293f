using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Options;
using Outbox.Delivery.Leases;

namespace Outbox.Tests.Delivery;

public sealed class LaneLeasesTests
{
    private readonly Store _store = new();
    private readonly LaneLeases _leases;

    public LaneLeasesTests() =>
        _leases = new LaneLeases(_store, new RelayIdentity(), Options.Create(new OutboxOptions()), TimeProvider.System, NullLogger<LaneLeases>.Instance);

    [Fact]
    public async Task Lanes_are_given_back_after_the_sweep_that_uses_them_has_ended()
    {
        var sweep = new TaskCompletionSource<int>();
        var sweeping = _leases.UseAsync(() => sweep.Task, TestContext.Current.CancellationToken);
        var leaving = _leases.LeaveAsync(TestContext.Current.CancellationToken);
        Assert.Equal(8, _leases.Lanes.Count);
        Assert.Empty(_store.Released);

        sweep.SetResult(1);
        await Task.WhenAll(sweeping, leaving);

        Assert.Equal(8, _store.Released.Count);
    }

    [Fact]
    public async Task A_relay_that_has_left_takes_no_lanes()
    {
        await _leases.LeaveAsync(TestContext.Current.CancellationToken);

        await _leases.UseAsync(() => Task.FromResult(1), TestContext.Current.CancellationToken);

        Assert.Empty(_leases.Lanes);
        Assert.Empty(_store.Held);
    }

    /// <summary>Leases of one relay that is alone.</summary>
    private sealed class Store : ILeaseStore
    {
        public HashSet<int> Held { get; } = [];

        public List<int> Released { get; } = [];

        public Task<LeaseView> HeartbeatAsync(string owner, TimeSpan duration, CancellationToken cancellationToken) =>
            Task.FromResult(new LeaseView(1, Held.ToHashSet(), new HashSet<int>(), DateTimeOffset.UnixEpoch));

        public Task<bool> TryAcquireAsync(int lane, string owner, TimeSpan duration, CancellationToken cancellationToken) => Task.FromResult(Held.Add(lane));

        public Task<bool> OwnsAsync(int lane, string owner, CancellationToken cancellationToken) => Task.FromResult(Held.Contains(lane));

        public Task ReleaseAsync(IReadOnlyCollection<int> lanes, string owner, CancellationToken cancellationToken)
        {
            Released.AddRange(lanes);
            Held.ExceptWith(lanes);
            return Task.CompletedTask;
        }

        public Task LeaveAsync(string owner, CancellationToken cancellationToken) => Task.CompletedTask;
    }
}
