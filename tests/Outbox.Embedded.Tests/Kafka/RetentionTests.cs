using Confluent.Kafka;
using Outbox.Embedded.Kafka;

namespace Outbox.Embedded.Tests.Kafka;

public sealed class RetentionTests
{
    [Fact]
    public async Task Records_dropped_beyond_what_a_partition_keeps_are_reported()
    {
        await using var cluster = KafkaCluster.Start(new KafkaClusterOptions { Topics = { ["big"] = 2 } });
        cluster.CheckNothingDropped();

        await ProduceMegabytes(cluster.BootstrapServers, new TopicPartition("big", 1), 8);

        var lost = Assert.Single(cluster.FindLost());
        Assert.Equal(("big", 1), (lost.Topic, lost.Partition));
        Assert.InRange(lost.Count, 1, 7);
        Assert.Equal(lost.FirstKept, lost.Count);
        Assert.Equal(lost, Assert.Single(RetentionCheck.FindLost(cluster.BootstrapServers)));
        Assert.Contains(lost.ToString(), Assert.Throws<InvalidOperationException>(() => cluster.CheckNothingDropped()).Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Records_deleted_on_purpose_are_not_lost()
    {
        await using var cluster = KafkaCluster.Start(new KafkaClusterOptions { Topics = { ["t"] = 1 } });
        await Clients.Produce(cluster.BootstrapServers, "t", 10);

        cluster.DeleteRecords("t", 0, 6);

        cluster.CheckNothingDropped();
        using var consumer = Clients.Consumer(cluster.BootstrapServers, "g");
        consumer.Subscribe("t");
        Assert.Equal(6, consumer.Take(1)[0].Offset.Value);
    }

    private static async Task ProduceMegabytes(string servers, TopicPartition position, int count)
    {
        using var producer = Clients.Producer(servers, x => x.MessageMaxBytes = 2_000_000);
        for (var i = 0; i < count; i++)
            await producer.ProduceAsync(position, new Message<string, string> { Key = "k", Value = new string('x', 1_000_000) });
    }
}
