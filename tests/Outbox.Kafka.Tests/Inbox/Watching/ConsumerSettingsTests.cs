using Confluent.Kafka;
using Microsoft.Extensions.Logging.Abstractions;
using Outbox.Kafka.Inbox.Endpoint;
using Outbox.Kafka.Inbox.Receiving;

namespace Outbox.Kafka.Tests.Inbox.Watching;

public sealed class ConsumerSettingsTests
{
    [Theory]
    [InlineData("consumer")]
    [InlineData("classic")]
    public void A_consumer_can_be_built_for_either_group_protocol(string protocol)
    {
        using var consumer = Factory("orders", ("group.protocol", protocol)).Create().Build();

        Assert.NotNull(consumer.Name);
    }

    [Fact]
    public void A_static_member_has_an_id_for_each_endpoint()
    {
        var (orders, stock) = (Factory("orders", ("group.instance.id", "pod-1")).Config(), Factory("stock", ("group.instance.id", "pod-1")).Config());

        Assert.Equal(("pod-1-orders", "pod-1-stock"), (orders.GroupInstanceId, stock.GroupInstanceId));
    }

    [Fact]
    public void What_the_service_says_about_its_session_holds()
    {
        Assert.Equal(45_000, Factory("orders", ("session.timeout.ms", "45000")).Config().SessionTimeoutMs);
        Assert.Equal(PartitionAssignmentStrategy.CooperativeSticky, Factory("orders").Config().PartitionAssignmentStrategy);
    }

    [Fact]
    public void G9_the_client_reads_no_more_ahead_than_16_MB_unless_the_service_says_so()
    {
        Assert.Equal((16_384, 50), (Factory("orders").Config().QueuedMaxMessagesKbytes, Factory("orders").Config().FetchQueueBackoffMs));
        Assert.Equal(1_024, Factory("orders", ("queued.max.messages.kbytes", "1024")).Config().QueuedMaxMessagesKbytes);
    }

    [Theory]
    [InlineData("message.max.bytes", "33554432")]
    [InlineData("fetch.message.max.bytes", "33554432")]
    [InlineData("fetch.max.bytes", "52428800")]
    public void A_service_with_messages_that_are_larger_than_that_gets_a_consumer(string setting, string bytes)
    {
        using var consumer = Factory("orders", (setting, bytes)).Create().Build();

        Assert.NotNull(consumer.Name);
    }

    private static ConsumerFactory Factory(string topic, params (string Name, string Value)[] settings)
    {
        var kafka = new KafkaOptions { BootstrapServers = "127.0.0.1:1" };
        foreach (var (name, value) in settings)
        {
            kafka.ConsumerSettings[name] = value;
        }

        return new ConsumerFactory(
            new EndpointName("g", new KnownTopics(new TopicSelector(topic))), new TopicEndpointSettings { Topic = topic, Group = "g" }, kafka, new OutboxOptions(), NullLogger.Instance);
    }
}
