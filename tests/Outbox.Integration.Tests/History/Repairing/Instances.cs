using Outbox.History.Repair;
using Outbox.Integration.Tests.Servers;

namespace Outbox.Integration.Tests.History.Repairing;

/// <summary>What the instances of all services have in common.</summary>
internal static class Instances
{
    /// <summary>A place for the owner, whose topic can be asked on.</summary>
    public static async Task<TestPlace> PlaceAsync(int partitions = 2)
    {
        var place = await TestPlace.SharedAsync(partitions);
        await (await KafkaServer.GetAsync()).CreateTopicAsync(RepairTopic.Of(place.Topic), partitions: 1, exact: true);
        return place;
    }

    /// <summary>Another service, with a database of its own.</summary>
    public static TestPlace Other(TestPlace place) => place with { Database = $"t{Guid.NewGuid():N}" };

    public static void UseKafka(OutboxConfigurator o, TestPlace place)
    {
        o.QueryDelay = TimeSpan.FromMilliseconds(50);
        o.UseKafka(k =>
        {
            k.BootstrapServers = place.Kafka;
            if (KafkaServer.GetAsync().Result.Embedded is not null)
            {
                // The embedded cluster takes the session timeout for each rebalance.
                k.ConsumerSettings["session.timeout.ms"] = "1500";
                k.ConsumerSettings["heartbeat.interval.ms"] = "100";
            }
        });
    }
}
