namespace Outbox.Integration.Tests.Conformance;

/// <summary>ILeaseStore: one owner for a lane.</summary>
public abstract class LeaseConformance(StoreKind kind) : ConformanceSuite(kind)
{
    private static readonly TimeSpan Long = TimeSpan.FromMinutes(10);

    [Fact]
    public async Task A_lane_has_one_owner_until_it_is_given_back()
    {
        Assert.Equal([1], await Store.Leases.AcquireAsync([1], "a", Long, CancellationToken.None));
        Assert.Empty(await Store.Leases.AcquireAsync([1], "b", Long, CancellationToken.None));
        Assert.True(await Store.Leases.OwnsAsync(1, "a", CancellationToken.None));
        Assert.False(await Store.Leases.OwnsAsync(1, "b", CancellationToken.None));

        await Store.Leases.ReleaseAsync([1], "b", CancellationToken.None);
        Assert.True(await Store.Leases.OwnsAsync(1, "a", CancellationToken.None));
        await Store.Leases.ReleaseAsync([1], "a", CancellationToken.None);
        Assert.Equal([1, 2], (await Store.Leases.AcquireAsync([1, 2], "b", Long, CancellationToken.None)).Order());
    }

    [Fact]
    public async Task Relays_that_ask_at_one_moment_get_a_lane_once()
    {
        var taken = await Task.WhenAll(Enumerable.Range(0, 8).Select(n => Task.Run(() => Store.Leases.AcquireAsync([0, 2, 3], $"r{n}", Long, CancellationToken.None))));

        Assert.Equal([0, 2, 3], taken.SelectMany(lanes => lanes).Order());
    }

    [Fact]
    public async Task A_heartbeat_tells_who_is_there_and_who_holds_what()
    {
        await Store.Leases.HeartbeatAsync("a", Long, CancellationToken.None);
        await Store.Leases.AcquireAsync([0], "a", Long, CancellationToken.None);
        await Store.Leases.AcquireAsync([0, 3], "b", Long, CancellationToken.None);

        var view = await Store.Leases.HeartbeatAsync("b", Long, CancellationToken.None);
        Assert.Equal(2, view.Relays);
        Assert.Equal([3], view.Held);
        Assert.Equal([0], view.Taken);

        await Store.Leases.LeaveAsync("a", CancellationToken.None);
        Assert.Equal(1, (await Store.Leases.HeartbeatAsync("b", Long, CancellationToken.None)).Relays);
    }
}

public sealed class InMemoryLeaseTests() : LeaseConformance(StoreKind.InMemory);

public sealed class MongoLeaseTests() : LeaseConformance(StoreKind.MongoDb);
