using System.Net;
using Confluent.Kafka;
using Outbox.Embedded.Kafka;

namespace Outbox.Embedded.Tests.Kafka;

public sealed class ProduceConsumeTests
{
    [Fact]
    public async Task What_is_produced_is_consumed_with_key_headers_and_offset()
    {
        await using var cluster = KafkaCluster.Start(new KafkaClusterOptions { Topics = { ["orders"] = 3 } });
        using var producer = Clients.Producer(cluster.BootstrapServers);
        var sent = await producer.ProduceAsync("orders", new Message<string, string> { Key = "o-1", Value = "placed", Headers = [new Header("type", "order-placed"u8.ToArray())] });

        using var consumer = Clients.Consumer(cluster.BootstrapServers, "shipping");
        consumer.Subscribe("orders");
        var received = Assert.Single(consumer.Take(1));

        Assert.Equal(sent.TopicPartitionOffset, received.TopicPartitionOffset);
        Assert.Equal(("o-1", "placed"), (received.Message.Key, received.Message.Value));
        Assert.Equal("order-placed"u8.ToArray(), received.Message.Headers.GetLastBytes("type"));
    }

    [Fact]
    public void Brokers_listen_on_loopback_only()
    {
        using var cluster = KafkaCluster.Start(new KafkaClusterOptions { Brokers = 3 });

        var brokers = cluster.BootstrapServers.Split(',');

        Assert.Equal(3, brokers.Distinct().Count());
        Assert.All(brokers, x => Assert.True(IPAddress.IsLoopback(IPEndPoint.Parse(x).Address), x));
    }

    [Fact]
    public async Task A_created_topic_has_its_partitions_and_an_automatic_one_has_four()
    {
        await using var cluster = KafkaCluster.Start();
        cluster.CreateTopic("made", 7);
        await Clients.Produce(cluster.BootstrapServers, "automatic", 1);

        using var admin = Clients.Admin(cluster.BootstrapServers);
        var topics = admin.GetMetadata(Clients.Patience).Topics.ToDictionary(x => x.Topic, x => x.Partitions.Count);

        Assert.Equal(7, topics["made"]);
        Assert.Equal(KafkaCluster.AutoCreatedPartitions, topics["automatic"]);
    }

    [Fact]
    public async Task A_group_goes_on_from_its_committed_offset()
    {
        await using var cluster = KafkaCluster.Start(new KafkaClusterOptions { Topics = { ["orders"] = 1 } });
        await Clients.Produce(cluster.BootstrapServers, "orders", 10);
        using (var first = Clients.Consumer(cluster.BootstrapServers, "g"))
        {
            first.Subscribe("orders");
            first.Commit(first.Take(4)[^1]);
            first.Close();
        }

        using var second = Clients.Consumer(cluster.BootstrapServers, "g");
        second.Subscribe("orders");

        Assert.Equal(4, second.Take(1)[0].Offset.Value);
    }

    [Fact]
    public void A_cluster_that_is_gone_refuses_connections_and_can_be_disposed_twice()
    {
        var cluster = KafkaCluster.Start();
        var servers = cluster.BootstrapServers;

        cluster.Dispose();
        cluster.Dispose();

        using var admin = Clients.Admin(servers);
        Assert.Throws<KafkaException>(() => admin.GetMetadata(TimeSpan.FromMilliseconds(300)));
    }

    [Fact]
    public void Wrong_options_are_refused()
    {
        Assert.Throws<ArgumentOutOfRangeException>(() => KafkaCluster.Start(new KafkaClusterOptions { Brokers = 0 }));
        using var cluster = KafkaCluster.Start();
        Assert.Throws<ArgumentOutOfRangeException>(() => cluster.CreateTopic("t", 0));
        cluster.CreateTopic("t", 1);
        Assert.Equal(ErrorCode.TopicAlreadyExists, Assert.Throws<KafkaException>(() => cluster.CreateTopic("t", 1)).Error.Code);
    }
}
