using Outbox.Delivery.Leases;

namespace Outbox.Tests.Delivery;

public sealed class LaneTests
{
    /// <summary>Stored messages carry their lane: a hash that changed would let two relays publish one entity.</summary>
    [Theory]
    [InlineData("order-1", 8, 7)]
    [InlineData("order-2", 8, 4)]
    [InlineData("0198f1de-9a6e-7c3e-8a55-0f2b6a1c9d10", 8, 4)]
    [InlineData("größe-€", 8, 5)]
    [InlineData("order-1", 1, 0)]
    public void The_lane_of_an_entity_never_changes(string entityId, int lanes, int lane) => Assert.Equal(lane, Lane.Of(entityId, lanes));

    [Fact]
    public void Entities_spread_over_all_lanes()
    {
        var counts = Enumerable.Range(0, 8_000).CountBy(i => Lane.Of($"order-{i}", 8)).ToDictionary();

        Assert.Equal(8, counts.Count);
        Assert.All(counts.Values, count => Assert.InRange(count, 800, 1_200));
    }
}
