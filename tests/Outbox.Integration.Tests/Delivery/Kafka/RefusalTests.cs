using Outbox.Delivery.Publishing;
using Outbox.Integration.Tests.Servers;
using Outbox.Kafka;
using Outbox.Messages;

namespace Outbox.Integration.Tests.Delivery.Kafka;

/// <summary>What a real broker refuses, it refuses together with everything of the same request and partition.</summary>
public sealed class RefusalTests
{
    private static readonly TimeSpan Deadline = TimeSpan.FromMinutes(3);

    [Theory]
    [InlineData(Fencing.LeaseTime, 1)]
    [InlineData(Fencing.LeaseTime, 3)]
    [InlineData(Fencing.KafkaTransactions, 1)]
    [InlineData(Fencing.KafkaTransactions, 3)]
    public async Task G5_records_with_a_time_that_the_broker_refuses_are_found_and_all_others_are_published_in_order(Fencing fencing, int bad)
    {
        var kafka = await RealAsync();
        var topic = await kafka.CreateTopicAsync("refusals", 3);
        await using var publisher = Publisher(kafka, fencing);
        var messages = Batch.Of(topic, entities: 20, versions: 5);
        var refused = Enumerable.Range(1, bad).Select(n => $"o{n * 3}-2").ToHashSet();
        messages = messages.ConvertAll(message => refused.Contains(message.MessageId) ? message with { Timestamp = DateTimeOffset.UtcNow.AddHours(5) } : message);

        var results = await publisher.PublishAsync(messages, Deadline, default);

        AssertOnly(refused, messages, results);
        AssertOrder(messages, results, KafkaLog.Read(kafka.BootstrapServers, topic).Select(record => record.Header("messageId")!).ToList());
    }

    [Theory]
    [InlineData(Fencing.LeaseTime)]
    [InlineData(Fencing.KafkaTransactions)]
    public async Task A_time_of_publishing_that_the_broker_refuses_is_no_messages_fault_and_its_clock_is_named(Fencing fencing)
    {
        var kafka = await RealAsync();
        var topic = await kafka.CreateTopicAsync("refusals", 3);
        await using var publisher = Publisher(kafka, fencing, RecordTime.Published);
        publisher.Now = DateTimeOffset.UtcNow.AddHours(5);
        var messages = Batch.Of(topic, entities: 20, versions: 5);

        var results = await publisher.PublishAsync(messages, Deadline, default);

        Assert.All(results.Take(20), result => Assert.Equal((PublishStatus.PlaceFailed, new Place(topic)), (result.Status, result.Place)));
        Assert.Contains("MongoDB's clock is further ahead of the broker's", results[0].Error, StringComparison.Ordinal);
        Assert.Empty(KafkaLog.Read(kafka.BootstrapServers, topic));

        publisher.Now = DateTimeOffset.UtcNow;
        AssertOnly([], messages, await publisher.PublishAsync(messages, Deadline, default));
    }

    [Theory]
    [InlineData(Fencing.LeaseTime)]
    [InlineData(Fencing.KafkaTransactions)]
    public async Task G5_a_record_that_is_larger_than_its_topic_allows_is_refused_alone(Fencing fencing)
    {
        var kafka = await RealAsync();
        var topic = await kafka.CreateTopicAsync("small", 1, settings: ("max.message.bytes", "20000"));
        await using var publisher = Publisher(kafka, fencing);
        var messages = Batch.Of(topic, entities: 10, versions: 2);
        messages[3] = messages[3] with { Payload = $"\"{new string('x', 30_000)}\"" };

        var results = await publisher.PublishAsync(messages, Deadline, default);

        AssertOnly([messages[3].MessageId], messages, results);
        Assert.Contains("max.message.bytes", results[3].Error, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(Fencing.LeaseTime)]
    [InlineData(Fencing.KafkaTransactions)]
    public async Task Records_that_only_together_are_larger_than_their_topic_allows_are_all_published(Fencing fencing)
    {
        var kafka = await RealAsync();
        var topic = await kafka.CreateTopicAsync("small", 1, settings: ("max.message.bytes", "20000"));
        await using var publisher = Publisher(kafka, fencing);
        var messages = Batch.Of(topic, entities: 50, versions: 2).ConvertAll(message => message with { Payload = $"\"{new string('x', 2_000)}\"" });

        var results = await publisher.PublishAsync(messages, Deadline, default);

        Assert.All(results, result => Assert.Equal(PublishResult.Published, result));
        AssertOrder(messages, results, KafkaLog.Read(kafka.BootstrapServers, topic).Select(record => record.Header("messageId")!).ToList());
    }

    [Fact]
    public async Task A_record_is_stamped_with_the_time_of_publishing_unless_the_time_of_capture_is_asked_for()
    {
        var kafka = await KafkaServer.GetAsync();
        var topic = await kafka.CreateTopicAsync("times", 1);
        var captured = DateTimeOffset.UtcNow.AddDays(-10);
        await using var published = Publisher(kafka, Fencing.LeaseTime, RecordTime.Published);
        await using var asCaptured = Publisher(kafka, Fencing.LeaseTime, RecordTime.Captured);
        published.Now = DateTimeOffset.UtcNow.AddMinutes(-7);

        await published.PublishAsync([Batch.Message("o1", 1, topic, timestamp: captured)], Deadline, default);
        await asCaptured.PublishAsync([Batch.Message("o1", 2, topic, timestamp: captured)], Deadline, default);

        var times = KafkaLog.Read(kafka.BootstrapServers, topic).Select(record => record.Message.Timestamp.UnixTimestampMs);
        Assert.Equal([published.Now.ToUnixTimeMilliseconds(), captured.ToUnixTimeMilliseconds()], times);
    }

    private static async Task<KafkaServer> RealAsync()
    {
        var kafka = await KafkaServer.GetAsync();
        Assert.SkipWhen(kafka.Embedded is not null, "The mock broker looks into no record; set OUTBOX_TEST_KAFKA to a real one.");
        return kafka;
    }

    private static TestPublisher Publisher(KafkaServer kafka, Fencing fencing, RecordTime time = RecordTime.Captured) => new(
        new KafkaOptions { BootstrapServers = kafka.BootstrapServers, Fencing = fencing, TransactionalIdPrefix = $"refusals-{Guid.NewGuid():N}" },
        new OutboxOptions { LeaseDuration = TimeSpan.FromMinutes(10), RecordTime = time });

    /// <summary>These are refused, what is behind them of their entities waits, and everything else is published.</summary>
    private static void AssertOnly(HashSet<string> refused, List<OutboxMessage> messages, IReadOnlyList<PublishResult> results)
    {
        var stopped = new HashSet<string>();
        for (var i = 0; i < messages.Count; i++)
        {
            var expected = stopped.Contains(messages[i].EntityId) ? PublishStatus.Held : refused.Contains(messages[i].MessageId) ? PublishStatus.Refused : PublishStatus.Published;
            Assert.True(expected == results[i].Status, $"{messages[i].MessageId} is {results[i]}, not {expected}");
            if (expected == PublishStatus.Refused)
            {
                stopped.Add(messages[i].EntityId);
            }
        }
    }

    /// <summary>The log has each entity's published messages in their order, and nothing else. A message may be there twice, in its place.</summary>
    private static void AssertOrder(List<OutboxMessage> messages, IReadOnlyList<PublishResult> results, List<string> log)
    {
        foreach (var entity in messages.Zip(results).GroupBy(pair => pair.First.EntityId))
        {
            var expected = entity.Where(pair => pair.Second.Status == PublishStatus.Published).Select(pair => pair.First.MessageId);
            Assert.Equal(expected, log.Where(id => id.StartsWith($"{entity.Key}-", StringComparison.Ordinal)).Distinct());
        }
    }
}
