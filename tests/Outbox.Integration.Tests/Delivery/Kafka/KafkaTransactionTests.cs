using Confluent.Kafka;
using Microsoft.Extensions.Time.Testing;
using Outbox.Delivery;
using Outbox.Delivery.Publishing;
using Outbox.Embedded.Kafka;
using Outbox.Integration.Tests.Servers;
using Outbox.Kafka;
using Outbox.Kafka.Delivery.Sending;
using Outbox.Messages;

namespace Outbox.Integration.Tests.Delivery.Kafka;

/// <summary>Fencing = KafkaTransactions.</summary>
public sealed class KafkaTransactionTests : IAsyncDisposable
{
    private static readonly TimeSpan Deadline = TimeSpan.FromSeconds(8);
    private readonly KafkaCluster _cluster = KafkaCluster.Start();
    private readonly string _prefix = $"outbox-{Guid.NewGuid():N}";

    public KafkaTransactionTests() => _cluster.CreateTopic("orders", 1);

    [Fact]
    public async Task Batches_of_several_lanes_are_committed_and_can_be_read()
    {
        await using var publisher = Publisher(_cluster.BootstrapServers);

        for (var batch = 0; batch < 3; batch++)
        {
            var results = await publisher.PublishAsync([Message("o1", batch + 1, lane: 0), Message("o2", batch + 1, lane: 1)], Deadline, default);
            Assert.All(results, result => Assert.Equal(PublishResult.Published, result));
        }

        var log = KafkaLog.Read(_cluster.BootstrapServers, "orders");
        Assert.Equal(["1", "2", "3"], log.Where(r => r.Message.Key == "o1").Select(r => r.Header("version")!));
        Assert.Equal(["1", "2", "3"], log.Where(r => r.Message.Key == "o2").Select(r => r.Header("version")!));
    }

    [Fact]
    public async Task G5_a_refused_record_is_isolated_and_the_rest_of_its_lane_is_committed()
    {
        await using var publisher = Publisher(_cluster.BootstrapServers, TestPublisher.OneRequest);
        await publisher.PublishAsync([Message("o0", 1, lane: 0)], Deadline, default);
        _cluster.Fail(KafkaRequest.Produce, ErrorCode.InvalidRecord, ErrorCode.InvalidRecord);

        var results = await publisher.PublishAsync([Message("o1", 1, lane: 0), Message("o2", 1, lane: 0)], Deadline, default);

        Assert.Equal([PublishStatus.Refused, PublishStatus.Published], results.Select(result => result.Status));
        Assert.Equal(["o0", "o2"], KafkaLog.Read(_cluster.BootstrapServers, "orders").Select(r => r.Message.Key));
    }

    [Theory]
    [InlineData(new[] { ErrorCode.NoError, ErrorCode.InvalidRecord }, new[] { "o2-1", "o1-1", "o1-2", "o3-1" }, new PublishStatus[] { 0, 0, 0, 0 })]
    [InlineData(
        new[] { ErrorCode.NoError, ErrorCode.InvalidRecord, ErrorCode.NoError, ErrorCode.InvalidRecord }, new[] { "o2-1", "o3-1" },
        new[] { PublishStatus.Refused, PublishStatus.Published, PublishStatus.Held, PublishStatus.Published })]
    public async Task G4_a_suspect_is_not_committed_before_what_the_abort_took_back_of_its_entity(ErrorCode[] answers, string[] published, PublishStatus[] expected)
    {
        // Two records a request: the first request goes through, the second is refused; then what the abort took back of others is sent again, and the suspects' entities one by one.
        await using var publisher = Publisher(_cluster.BootstrapServers, ("batch.num.messages", "2"), ("max.in.flight", "1"), TestPublisher.OneRequest);
        await publisher.PublishAsync([Message("o0", 1, lane: 0)], Deadline, default);
        _cluster.Fail(KafkaRequest.Produce, answers);

        OutboxMessage[] batch = [Message("o1", 1, lane: 0), Message("o2", 1, lane: 0), Message("o1", 2, lane: 0), Message("o3", 1, lane: 0)];
        var results = await publisher.PublishAsync(batch, Deadline, default);

        // The mock broker shows what was aborted too; what counts is what came after it.
        Assert.Equal(published, KafkaLog.Read(_cluster.BootstrapServers, "orders").TakeLast(published.Length).Select(r => r.Header("messageId")!));
        Assert.Equal(expected, results.Select(result => result.Status));
    }

    [Fact]
    public async Task G5_a_record_that_is_too_large_to_be_sent_holds_back_nothing_before_it()
    {
        await using var publisher = Publisher(_cluster.BootstrapServers);
        var tooLarge = Message("o1", 2, lane: 0) with { Payload = $"\"{new string('x', 1_500_000)}\"" };

        var results = await publisher.PublishAsync([Message("o1", 1, lane: 0), tooLarge, Message("o1", 3, lane: 0), Message("o2", 1, lane: 0)], Deadline, default);

        Assert.Equal(
            [PublishStatus.Published, PublishStatus.Refused, PublishStatus.Held, PublishStatus.Published], results.Select(result => result.Status));
    }

    [Fact]
    public async Task G4_a_relay_that_lost_its_lane_before_its_producer_was_ready_publishes_nothing()
    {
        await using var publisher = Publisher(_cluster.BootstrapServers);
        publisher.OwnsItsLanes = false;

        var results = await publisher.PublishAsync([Message("o1", 1, lane: 0)], Deadline, default);

        Assert.Equal(PublishStatus.Unavailable, results[0].Status);
        Assert.Empty(KafkaLog.Read(_cluster.BootstrapServers, "orders"));
    }

    [Fact]
    public async Task G4_a_producer_for_which_the_database_did_not_say_whose_the_lane_is_is_never_used()
    {
        await using var publisher = Publisher(_cluster.BootstrapServers);
        publisher.DatabaseFails = new StoreFailedException("asking whose a lane is", new IOException("no primary"));
        await publisher.Senders.TakeOverAsync(new HashSet<int> { 0 }, Deadline, default);
        await Assert.ThrowsAsync<StoreFailedException>(() => publisher.PublishAsync([Message("o1", 1, lane: 0)], Deadline, default));

        // The database answers again, and says that the lane has gone to another relay.
        publisher.DatabaseFails = null;
        publisher.OwnsItsLanes = false;
        var results = await publisher.PublishAsync([Message("o1", 1, lane: 0)], Deadline, default);

        Assert.Equal(PublishStatus.Unavailable, results[0].Status);
        Assert.Empty(KafkaLog.Read(_cluster.BootstrapServers, "orders"));
    }

    [Fact]
    public async Task What_an_earlier_owner_left_open_is_ended_also_when_the_database_did_not_answer_at_first()
    {
        var time = new FakeTimeProvider();
        var built = 0;
        var options = new KafkaOptions { BootstrapServers = _cluster.BootstrapServers, Fencing = Fencing.KafkaTransactions, TransactionalIdPrefix = _prefix };
        options.ConfigureProducer(_ => built++);
        await using var publisher = new TestPublisher(options, new OutboxOptions(), time: time);
        publisher.DatabaseFails = new StoreFailedException("asking whose a lane is", new IOException("no primary"));
        await TakeOverAsync();
        publisher.DatabaseFails = null;

        await TakeOverAsync();
        Assert.Equal(1, built);
        time.Advance(TransactionalSender.Pause);
        await TakeOverAsync();
        await TakeOverAsync();
        Assert.Equal(2, built);

        Task TakeOverAsync() => publisher.Senders.TakeOverAsync(new HashSet<int> { 0 }, Deadline, default);
    }

    [Fact]
    public async Task What_a_publisher_that_is_ended_had_not_committed_is_aborted()
    {
        await using var publisher = Publisher(_cluster.BootstrapServers);
        using var open = new OpenBatch(publisher);
        var publishing = open.PublishAsync(Message("o1", 1, lane: 0), Message("o2", 1, lane: 0));
        await OpenBatch.SentAsync(_cluster.BootstrapServers, "orders");
        _cluster.TrackRequests();

        await publisher.DisposeAsync();

        // The mock broker does not tell an abort from a commit, and shows both alike; the results do.
        await Eventually.TrueAsync(() => Task.FromResult(_cluster.Requests.Any(request => request.Request == KafkaRequest.EndTransaction)), "the transaction has ended");
        open.GoOn();
        Assert.DoesNotContain(await publishing, result => result.Status == PublishStatus.Published);
    }

    [Fact]
    public async Task G4_the_next_owner_of_a_lane_fences_the_last_even_when_that_one_still_publishes()
    {
        var kafka = await KafkaServer.GetAsync();
        Assert.SkipWhen(kafka.Embedded is not null, "The mock broker does not fence producers by transactional.id; set OUTBOX_TEST_KAFKA to a real one.");
        var topic = await kafka.CreateTopicAsync("fenced", 1);
        await using var paused = Publisher(kafka.BootstrapServers);
        await paused.PublishAsync([Message("o1", 1, 0, topic)], Deadline, default);
        await using var next = Publisher(kafka.BootstrapServers);
        await next.PublishAsync([Message("o1", 2, 0, topic)], Deadline, default);

        var late = await paused.PublishAsync([Message("o1", 1, 0, topic)], Deadline, default);

        Assert.Equal(PublishStatus.Unavailable, late[0].Status);
        Assert.Equal(["1", "2"], KafkaLog.Read(kafka.BootstrapServers, topic).Select(r => r.Header("version")!));
    }

    public ValueTask DisposeAsync() => _cluster.DisposeAsync();

    private TestPublisher Publisher(string servers, params ReadOnlySpan<(string Name, string Value)> settings)
    {
        var options = new KafkaOptions { BootstrapServers = servers, Fencing = Fencing.KafkaTransactions, TransactionalIdPrefix = _prefix };
        foreach (var (name, value) in settings)
        {
            options.ProducerSettings[name] = value;
        }

        return new TestPublisher(options, new OutboxOptions { LeaseDuration = TimeSpan.FromSeconds(20) });
    }

    private static OutboxMessage Message(string entity, long version, int lane, string topic = "orders") => new()
    {
        MessageId = $"{entity}-{version}",
        Lane = lane,
        Topic = topic,
        EntityType = "order",
        EntityId = entity,
        Version = version,
        Ordinal = 0,
        Intent = MessageIntent.Event,
        Type = "order-placed",
        Payload = """{"amount":1}""",
        Timestamp = DateTimeOffset.UnixEpoch,
    };
}
