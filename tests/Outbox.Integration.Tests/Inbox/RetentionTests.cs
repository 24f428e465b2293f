using Microsoft.Extensions.Options;
using Outbox.Integration.Tests.Servers;
using Outbox.Kafka;
using Outbox.Kafka.Installation;

namespace Outbox.Integration.Tests.Inbox;

public sealed class RetentionTests
{
    [Theory]
    [InlineData("delete", "86400000", 24)]
    [InlineData("compact", "86400000", null)]
    public async Task The_brokers_say_how_long_a_topic_keeps_messages(string policy, string milliseconds, int? hours)
    {
        var kafka = await KafkaServer.GetAsync();
        Assert.SkipWhen(kafka.Embedded is not null, "The embedded cluster has no topic settings: set OUTBOX_TEST_KAFKA, or let Docker answer.");
        var topic = await kafka.CreateTopicAsync("retention", partitions: 1, settings: [("cleanup.policy", policy), ("retention.ms", milliseconds)]);

        var asked = new TopicAdmin(Options.Create(new KafkaOptions { BootstrapServers = kafka.BootstrapServers }));

        Assert.Equal(hours is { } expected ? TimeSpan.FromHours(expected) : TimeSpan.MaxValue, await asked.RetentionAsync(topic, TestContext.Current.CancellationToken));
    }

    [Fact]
    public async Task Brokers_that_do_not_answer_the_question_are_given_up()
    {
        var asked = new TopicAdmin(Options.Create(new KafkaOptions { BootstrapServers = "127.0.0.1:1", TopicTimeout = TimeSpan.FromMilliseconds(300) }));

        await Assert.ThrowsAsync<TopicsUnavailableException>(() => asked.RetentionAsync("orders", TestContext.Current.CancellationToken));
    }
}
