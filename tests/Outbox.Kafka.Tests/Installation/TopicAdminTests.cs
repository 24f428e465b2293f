using Microsoft.Extensions.Options;
using Outbox.Embedded.Kafka;
using Outbox.Kafka.Installation;
using Outbox.Messages.Registration;

namespace Outbox.Kafka.Tests.Installation;

public sealed class TopicAdminTests
{
    [Fact]
    public async Task The_brokers_say_how_many_partitions_a_topic_has()
    {
        await using var cluster = KafkaCluster.Start();
        cluster.CreateTopic("orders", 3);
        var admin = Admin(cluster.BootstrapServers, TimeSpan.FromSeconds(10));

        Assert.Equal(new TopicShape(3, 1), await admin.FindAsync("orders", TestContext.Current.CancellationToken));
    }

    [Fact]
    public async Task Brokers_that_cannot_be_reached_are_given_up_within_the_timeout()
    {
        var admin = Admin("127.0.0.1:1", TimeSpan.FromMilliseconds(300));

        await Assert.ThrowsAsync<TopicsUnavailableException>(() => admin.FindAsync("orders", TestContext.Current.CancellationToken));
    }

    [Fact]
    public async Task Brokers_that_cannot_create_topics_are_given_up_within_the_timeout()
    {
        await using var cluster = KafkaCluster.Start();
        var admin = Admin(cluster.BootstrapServers, TimeSpan.FromMilliseconds(500));

        await Assert.ThrowsAsync<TopicsUnavailableException>(
            () => admin.CreateAsync("orders", new TopicRegistration("orders", ParkedPolicy.HoldEntity), TestContext.Current.CancellationToken));
    }

    private static TopicAdmin Admin(string servers, TimeSpan timeout) =>
        new(Options.Create(new KafkaOptions { BootstrapServers = servers, TopicTimeout = timeout }));
}
