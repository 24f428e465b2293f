using System.Runtime.CompilerServices;
using Confluent.Kafka;
using Outbox.Delivery.Publishing;
using Outbox.Embedded.Kafka;
using Outbox.Integration.Tests.Servers;
using Outbox.Kafka;
using Outbox.Messages;

namespace Outbox.Integration.Tests.Delivery.Kafka;

public sealed class KafkaPublisherTests : IAsyncDisposable
{
    private static readonly TimeSpan Deadline = TimeSpan.FromSeconds(8);
    private readonly KafkaCluster _cluster = KafkaCluster.Start(new KafkaClusterOptions { Brokers = 1 });
    private readonly TestPublisher _publisher;

    public KafkaPublisherTests()
    {
        _cluster.CreateTopic("orders", 1);
        _publisher = Publisher(TimeSpan.FromSeconds(20));
    }

    [Fact]
    public async Task A_batch_arrives_in_order_with_key_envelope_and_headers()
    {
        var messages = Enumerable.Range(1, 100).Select(v => Message("o1", v)).ToList();

        var results = await _publisher.PublishAsync(messages, Deadline, default);

        Assert.All(results, result => Assert.Equal(PublishResult.Published, result));
        var log = KafkaLog.Read(_cluster.BootstrapServers, "orders");
        Assert.Equal(messages.Select(m => m.MessageId), log.Select(r => r.Header("messageId")));
        Assert.All(log, r => Assert.Equal("o1", r.Message.Key));
    }

    [Fact]
    public async Task G4_what_follows_a_refused_message_of_its_entity_is_not_published()
    {
        await using var publisher = Publisher(TimeSpan.FromSeconds(20), TestPublisher.OneRequest);
        // The request as a whole, and then the first suspect when it is sent alone.
        _cluster.Fail(KafkaRequest.Produce, ErrorCode.InvalidRecord, ErrorCode.InvalidRecord);

        var results = await publisher.PublishAsync([Message("o1", 1), Message("o1", 2)], Deadline, default);

        Assert.Equal([PublishStatus.Refused, PublishStatus.Held], results.Select(result => result.Status));
        Assert.Empty(KafkaLog.Read(_cluster.BootstrapServers, "orders"));
    }

    [Theory]
    [InlineData(Fencing.LeaseTime)]
    [InlineData(Fencing.KafkaTransactions)]
    public async Task A_batch_whose_time_is_over_is_not_sent_at_all(Fencing fencing)
    {
        await using var publisher = new TestPublisher(new KafkaOptions { BootstrapServers = _cluster.BootstrapServers, Fencing = fencing }, new OutboxOptions());
        // Whatever connects has done so: what is queued now goes out.
        await publisher.PublishAsync([Message("o1", 1)], Deadline, default);

        var results = await publisher.PublishAsync([Message("o1", 2)], TimeSpan.FromMilliseconds(-80), default);
        var after = await publisher.PublishAsync([Message("o1", 3)], Deadline, default);

        Assert.Equal(PublishResult.Held, Assert.Single(results));
        Assert.Equal(PublishResult.Published, Assert.Single(after));
        Assert.Equal(2, KafkaLog.Read(_cluster.BootstrapServers, "orders").Count);
    }

    [Fact]
    public async Task G4_the_producer_sends_nothing_more_after_a_refused_message()
    {
        // One record a request. A request that is already built still goes out: a broker refuses it for its gap in the sequence numbers, which the
        // mock broker does not check. What is queued behind must stay.
        await using var publisher = Publisher(TimeSpan.FromSeconds(20), ("batch.num.messages", "1"), ("max.in.flight", "1"));
        await publisher.PublishAsync([Message("o1", 1)], Deadline, default);
        // So late that all of the batch is queued: alone, the first would be known to be the bad one.
        _cluster.Delay(KafkaRequest.Produce, TimeSpan.FromSeconds(1), error: ErrorCode.InvalidRecord);

        var results = await publisher.PublishAsync([.. Enumerable.Range(2, 20).Select(version => Message("o1", version))], Deadline, default);

        Assert.All(results, result => Assert.Equal(PublishStatus.Published, result.Status));
        var versions = KafkaLog.Read(_cluster.BootstrapServers, "orders").Select(record => record.Header("version")!).ToList();
        Assert.True(versions.IndexOf("2") <= 2, string.Join(' ', versions));
        Assert.Equal(Enumerable.Range(2, 20).Select(version => $"{version}").Except(versions.Take(versions.IndexOf("2"))), versions.Skip(versions.IndexOf("2")).Distinct());
    }

    [Fact]
    public async Task G5_one_bad_record_does_not_take_the_others_of_its_request_with_it()
    {
        await using var publisher = Publisher(TimeSpan.FromSeconds(20), TestPublisher.OneRequest);
        // All four; the first two; the third alone.
        _cluster.Fail(KafkaRequest.Produce, ErrorCode.InvalidRecord, ErrorCode.NoError, ErrorCode.InvalidRecord);

        var results = await publisher.PublishAsync([Message("o1", 1), Message("o2", 1), Message("o3", 1), Message("o4", 1)], Deadline, default);

        Assert.Equal([PublishStatus.Published, PublishStatus.Published, PublishStatus.Refused, PublishStatus.Published], results.Select(result => result.Status));
        Assert.Equal(["o1-1", "o2-1", "o4-1"], KafkaLog.Read(_cluster.BootstrapServers, "orders").Select(r => r.Header("messageId")!));
    }

    [Fact]
    public async Task G10_after_a_fatal_error_the_next_batch_goes_through_a_new_producer()
    {
        _cluster.Fail(KafkaRequest.Produce, ErrorCode.InvalidRecord);
        await _publisher.PublishAsync([Message("o1", 1)], Deadline, default);

        await Eventually.PublishedAsync(_publisher, Message("o1", 1));
        await Eventually.PublishedAsync(_publisher, Message("o1", 2));
        Assert.Equal(["o1-1", "o1-2"], KafkaLog.Read(_cluster.BootstrapServers, "orders").Select(r => r.Header("messageId")!).Distinct());
    }

    [Fact]
    public async Task G9_a_batch_whose_producer_was_given_up_leaves_memory()
    {
        _cluster.BrokerDown(1);

        var batch = SendInVain();

        // Not while the brokers are still being asked about its topic.
        await Eventually.TrueAsync(
            () =>
            {
                GC.Collect();
                GC.WaitForPendingFinalizers();
                GC.Collect();
                return Task.FromResult(!batch.IsAlive);
            },
            "the batch has left memory");
    }

    [Fact]
    public async Task G4_nothing_more_is_queued_once_too_little_of_the_lease_is_left()
    {
        _publisher.MayQueue = 2;

        var results = await _publisher.PublishAsync([Message("o1", 1), Message("o2", 1), Message("o1", 2), Message("o2", 2)], Deadline, default);

        Assert.Equal(
            [PublishStatus.Published, PublishStatus.Published, PublishStatus.Unavailable, PublishStatus.Unavailable], results.Select(result => result.Status));
        Assert.Equal(2, KafkaLog.Read(_cluster.BootstrapServers, "orders").Count);
    }

    [Fact]
    public async Task A_batch_that_is_not_acknowledged_in_time_fails_and_is_never_sent_later()
    {
        _cluster.BrokerDown(1);
        var results = await _publisher.PublishAsync([Message("o1", 1), Message("o1", 2)], TimeSpan.FromMilliseconds(500), default);
        Assert.All(results, result => Assert.Equal(PublishStatus.Unavailable, result.Status));

        _cluster.BrokerUp(1);
        await Eventually.PublishedAsync(_publisher, Message("o1", 3));

        Assert.Equal(["3"], KafkaLog.Read(_cluster.BootstrapServers, "orders").Select(r => r.Header("version")!));
    }

    [Theory]
    [InlineData("", Fencing.LeaseTime)]
    [InlineData("", Fencing.KafkaTransactions)]
    public async Task G5_a_message_that_cannot_be_written_is_refused_alone(string payload, Fencing fencing)
    {
        await using var publisher = new TestPublisher(
            new KafkaOptions { BootstrapServers = _cluster.BootstrapServers, Fencing = fencing, TransactionalIdPrefix = "written" }, new OutboxOptions { LeaseDuration = TimeSpan.FromSeconds(20) });

        var results = await publisher.PublishAsync([Message("o1", 1), Message("o2", 1) with { Payload = payload }, Message("o2", 2), Message("o3", 1)], Deadline, default);

        Assert.Equal([PublishStatus.Published, PublishStatus.Refused, PublishStatus.Held, PublishStatus.Published], results.Select(result => result.Status));
        Assert.Contains("cannot be written in the format Envelope", results[1].Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task G4_what_is_queued_long_after_the_first_of_its_entity_waits_so_that_it_does_not_outlive_it_in_the_queue()
    {
        await using var publisher = Publisher(TimeSpan.FromSeconds(20));
        var queued = 0;
        using var never = new ManualResetEventSlim();
        publisher.BeforeQueueing = _ =>
        {
            if (++queued == 2)
            {
                // A stall of the process between two messages.
                never.Wait(TimeSpan.FromSeconds(1));
            }
        };
        _cluster.BrokerDown(1);

        var results = await publisher.PublishAsync([Message("o1", 1), Message("o1", 2)], TimeSpan.FromSeconds(2), default);

        Assert.NotEqual(PublishStatus.Published, results[0].Status);
        Assert.Equal(PublishStatus.Held, results[1].Status);
    }

    [Fact]
    public async Task G4_a_message_that_the_producer_gave_up_ends_it_and_what_is_queued_behind_is_never_sent()
    {
        // The producer gives up after 1 s, and the batch has 30.
        await using var publisher = Publisher(TimeSpan.FromSeconds(2));
        await Eventually.PublishedAsync(publisher, Message("o0", 1));
        _cluster.BrokerDown(1);

        var results = await publisher.PublishAsync([.. Enumerable.Range(1, 50).Select(version => Message("o1", version))], TimeSpan.FromSeconds(30), default);
        _cluster.BrokerUp(1);
        await Eventually.PublishedAsync(publisher, Message("o2", 1));

        Assert.All(results, result => Assert.NotEqual(PublishStatus.Published, result.Status));
        Assert.Equal(["o0-1", "o2-1"], KafkaLog.Read(_cluster.BootstrapServers, "orders").Select(record => record.Header("messageId")!).Distinct());
    }

    [Fact]
    public async Task A_message_over_the_producers_limit_is_refused_and_holds_its_entity_only()
    {
        var large = Message("o1", 1) with { Payload = $"\"{new string('x', 1_100_000)}\"" };

        var results = await _publisher.PublishAsync([large, Message("o1", 2), Message("o2", 1)], Deadline, default);

        Assert.Equal([PublishStatus.Refused, PublishStatus.Held, PublishStatus.Published], results.Select(r => r.Status));
    }

    public async ValueTask DisposeAsync()
    {
        await _publisher.DisposeAsync();
        await _cluster.DisposeAsync();
    }

    [Fact]
    public async Task A_producer_that_is_in_use_ends_when_its_batch_has()
    {
        await using var publisher = Publisher(TimeSpan.FromMinutes(10));
        await publisher.PublishAsync([Message("o0", 1)], Deadline, default);
        using var open = new OpenBatch(publisher);
        var publishing = open.PublishAsync(Message("o1", 1), Message("o1", 2));
        await open.BegunAsync();

        var ending = publisher.DisposeAsync().AsTask();
        // Whether the end waits for the batch, or takes its producer from it.
        await Task.WhenAny(ending, Task.Delay(TimeSpan.FromMilliseconds(500), TestContext.Current.CancellationToken));
        open.GoOn();

        Assert.All(await publishing, result => Assert.Equal(PublishResult.Published, result));
        await ending;
        Assert.Equal(PublishStatus.Unavailable, (await publisher.PublishAsync([Message("o1", 3)], Deadline, default))[0].Status);
    }

    /// <summary>A frame of its own, which ends with the call, so that nothing but the producer may still know the message.</summary>
    [MethodImpl(MethodImplOptions.NoInlining)]
    private WeakReference SendInVain()
    {
        var message = Message("o1", 1) with { Payload = new string('x', 10_000) };
        var results = _publisher.PublishAsync([message], TimeSpan.FromMilliseconds(300), default).GetAwaiter().GetResult();
        Assert.Equal(PublishStatus.Unavailable, results[0].Status);
        return new WeakReference(message);
    }

    private TestPublisher Publisher(TimeSpan lease, params (string Name, string Value)[] settings)
    {
        var kafka = new KafkaOptions { BootstrapServers = _cluster.BootstrapServers };
        foreach (var (name, value) in settings)
        {
            kafka.ProducerSettings[name] = value;
        }

        return new TestPublisher(kafka, new OutboxOptions { LeaseDuration = lease });
    }

    private static OutboxMessage Message(string entity, long version) => new()
    {
        MessageId = $"{entity}-{version}",
        Lane = 0,
        Topic = "orders",
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
