using MassTransit;
using Outbox.Embedded.Kafka;
using Outbox.Kafka.Tests.Fixture;

namespace Outbox.Kafka.Tests.Inbox;

public sealed class BrokerTests
{
    [Fact]
    public async Task A_missing_topic_is_reported_and_consumed_when_it_appears()
    {
        await using var shop = new Shop(partitions: 0);
        var host = await shop.Start();
        await Signal.Eventually(() => Shop.Health(host).Status == BusHealthStatus.Unhealthy, "the missing topic is reported");
        Assert.Contains("'orders' does not exist", Shop.Health(host).Exception!.Message, StringComparison.Ordinal);

        shop.Cluster.CreateTopic("orders", 2);
        await shop.Produce("o", new OrderPlaced("o", 1));

        await shop.Signal.Until(() => shop.Store.Processed == 1, "the message was processed");
        await Signal.Eventually(() => Shop.Health(host).Status == BusHealthStatus.Healthy, "the endpoint is healthy");
    }

    [Fact]
    public async Task A_lost_cluster_is_reported_and_consumption_goes_on_when_it_is_back()
    {
        await using var shop = new Shop(partitions: 1);
        await shop.Produce("o1", new OrderPlaced("o1", 1));
        var host = await shop.Start();
        await shop.Signal.Until(() => shop.Store.Processed == 1, "the first message was processed");

        shop.Cluster.BrokerDown(KafkaCluster.AllBrokers);
        await Signal.Eventually(() => Shop.Health(host).Status == BusHealthStatus.Unhealthy, "the loss is reported");
        shop.Cluster.BrokerUp(KafkaCluster.AllBrokers);
        await shop.Produce("o2", new OrderPlaced("o2", 1));

        await shop.Signal.Until(() => shop.Store.Processed == 2, "the second message was processed");
        await Signal.Eventually(() => Shop.Health(host).Status == BusHealthStatus.Healthy, "the endpoint is healthy");
    }

    [Fact]
    public async Task A_service_starts_without_a_cluster_and_consumes_when_it_comes()
    {
        await using var shop = new Shop(partitions: 1);
        await shop.Produce("o1", new OrderPlaced("o1", 1));
        shop.Cluster.BrokerDown(KafkaCluster.AllBrokers);

        var host = await shop.Start();
        await Signal.Eventually(() => Shop.Health(host).Status == BusHealthStatus.Unhealthy, "the missing cluster is reported");
        shop.Cluster.BrokerUp(KafkaCluster.AllBrokers);

        await shop.Signal.Until(() => shop.Store.Processed == 1, "the message was processed");
    }
}
