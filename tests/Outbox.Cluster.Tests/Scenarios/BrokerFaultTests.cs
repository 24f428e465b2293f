using Outbox.Cluster.Tests.Brokers;
using Outbox.Cluster.Tests.Traffic;
using Outbox.RelayHost;

namespace Outbox.Cluster.Tests.Scenarios;

/// <summary>Brokers that die, hang and come back while about 500 messages in a second flow. Each test prints how long each endpoint had nothing.</summary>
public sealed class BrokerFaultTests(ThreeBrokers brokers, ITestOutputHelper output)
{
    private static readonly TimeSpan Calm = TimeSpan.FromSeconds(3);
    private static readonly TimeSpan Limit = TimeSpan.FromMinutes(3);

    [Fact]
    public async Task Each_broker_is_killed_and_revived_in_turn()
    {
        await using var fleet = await Fleet.StartAsync(brokers, output);
        foreach (var id in ThreeBrokers.Ids)
        {
            await fleet.RunForAsync(Calm);
            await brokers.KillAsync(id);
            await fleet.RunForAsync(2 * Calm);
            await brokers.ReviveAsync(id);
        }

        await fleet.SettleAsync(Limit);
    }

    [Fact]
    public async Task Two_of_three_are_dead_for_twenty_seconds()
    {
        await using var fleet = await Fleet.StartAsync(brokers, output);
        await fleet.RunForAsync(Calm);
        await Task.WhenAll(brokers.KillAsync(1), brokers.KillAsync(2));
        await fleet.RunForAsync(TimeSpan.FromSeconds(20));
        await brokers.ReviveAsync(1, 2);

        await fleet.SettleAsync(Limit);
    }

    [Fact]
    public async Task A_broker_hangs_for_forty_seconds()
    {
        await using var fleet = await Fleet.StartAsync(brokers, output);
        await fleet.RunForAsync(Calm);
        brokers.Pause(2);
        await fleet.RunForAsync(TimeSpan.FromSeconds(40));
        brokers.Continue(2);
        await fleet.RunForAsync(Calm);

        await fleet.SettleAsync(Limit);
    }

    [Fact]
    public async Task The_coordinator_of_the_groups_is_killed()
    {
        await using var fleet = await Fleet.StartAsync(brokers, output);
        await fleet.RunForAsync(Calm);
        var coordinator = await ClusterState.CoordinatorOfAsync(brokers.Servers, Ledger.Group(Ledger.Single, fleet.Flows[0].Settings.Topic));
        await brokers.KillAsync(coordinator);
        await fleet.RunForAsync(TimeSpan.FromSeconds(15));
        await brokers.ReviveAsync(coordinator);

        await fleet.SettleAsync(Limit);
    }
}
