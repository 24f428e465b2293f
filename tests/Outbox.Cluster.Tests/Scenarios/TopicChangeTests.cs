using MongoDB.Bson;
using MongoDB.Driver;
using Outbox.Cluster.Tests.Brokers;
using Outbox.Cluster.Tests.Traffic;

namespace Outbox.Cluster.Tests.Scenarios;

/// <summary>Topics that change under running services.</summary>
public sealed class TopicChangeTests(ThreeBrokers brokers, ITestOutputHelper output)
{
    private static readonly TimeSpan Limit = TimeSpan.FromMinutes(4);

    [Fact]
    public async Task A_topic_is_deleted_and_made_again()
    {
        await using var fleet = await Fleet.StartAsync(brokers, output);
        await fleet.RunForAsync(TimeSpan.FromSeconds(2));
        await fleet.SettleAsync(Limit);
        foreach (var flow in fleet.Flows)
        {
            await ClusterState.DeleteTopicAsync(brokers.Servers, flow.Settings.Topic);
        }

        // What is written while there is no topic waits for it.
        await fleet.WriteAsync(turns: 20);
        foreach (var flow in fleet.Flows)
        {
            await ClusterState.CreateTopicAsync(brokers.Servers, flow.Settings.Topic, 3);
        }

        await fleet.WriteAsync(turns: 20);
        await fleet.SettleAsync(Limit);
    }

    [Fact]
    public async Task Partitions_are_added()
    {
        await using var fleet = await Fleet.StartAsync(brokers, output);
        await fleet.RunForAsync(TimeSpan.FromSeconds(3));
        foreach (var flow in fleet.Flows)
        {
            await ClusterState.AddPartitionsAsync(brokers.Servers, flow.Settings.Topic, 6);
        }

        foreach (var flow in fleet.Flows)
        {
            await Eventually.TrueAsync(
                async () => await flow.Database.GetCollection<BsonDocument>("outbox.topics").Find(new BsonDocument("partitions", 6)).AnyAsync(), Limit, () => "the relay goes by six partitions");
        }

        foreach (var flow in fleet.Flows)
        {
            await Eventually.TrueAsync(
                async () =>
                {
                    await fleet.RunForAsync(TimeSpan.FromSeconds(1));
                    return await ClusterState.EndOfAsync(brokers.Servers, flow.Settings.Topic, partitions: [3, 4, 5]) > 0;
                },
                Limit,
                () => "the new partitions have messages");
        }

        // Versions on both sides of the move may be read in either order.
        await fleet.SettleAsync(Limit, inOrder: false);
    }
}
