using CsCheck;
using Outbox.Delivery.Leases;

namespace Outbox.Tests.Delivery;

public sealed class LanePlanTests
{
    [Fact]
    public void A_relay_alone_takes_every_lane()
    {
        var plan = LanePlan.For(new LeaseView(1, new HashSet<int>(), new HashSet<int>(), default), 8);

        Assert.Equal(8, plan.Take);
        Assert.Empty(plan.Release);
    }

    [Fact]
    public void A_second_relay_makes_the_first_give_half_back()
    {
        var plan = LanePlan.For(new LeaseView(2, Enumerable.Range(0, 8).ToHashSet(), new HashSet<int>(), default), 8);

        Assert.Equal([4, 5, 6, 7], plan.Release);
        Assert.Equal(0, plan.Take);
    }

    [Fact]
    public void Any_relays_settle_at_fair_shares_and_then_hand_nothing_over()
    {
        Gen.Select(Gen.Int[1, 32], Gen.Int[1, 6]).Sample((lanes, relays) =>
        {
            var held = Enumerable.Range(0, relays).Select(_ => new HashSet<int>()).ToArray();
            for (var round = 0; round < 3; round++)
            {
                foreach (var relay in held)
                {
                    Apply(relay, held, lanes);
                }
            }

            var share = (lanes + relays - 1) / relays;
            Assert.Equal(lanes, held.Sum(relay => relay.Count));
            Assert.All(held, relay => Assert.True(relay.Count <= share));
            Assert.All(held, relay => Assert.True(LanePlan.For(View(relay, held), lanes).IsEmpty));
        });
    }

    private static void Apply(HashSet<int> relay, HashSet<int>[] all, int lanes)
    {
        var plan = LanePlan.For(View(relay, all), lanes);
        relay.ExceptWith(plan.Release);
        relay.UnionWith(plan.Candidates.Take(plan.Take));
    }

    private static LeaseView View(HashSet<int> relay, HashSet<int>[] all) =>
        new(all.Length, relay, all.Where(other => other != relay).SelectMany(other => other).ToHashSet(), default);
}
