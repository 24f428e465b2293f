using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Options;
using Microsoft.Extensions.Time.Testing;
using Outbox.Delivery;
using Outbox.Delivery.Leases;
using Outbox.Delivery.Publishing;
using Outbox.Delivery.Retrying;
using Outbox.Messages;

namespace Outbox.Tests.Delivery;

public sealed class RetryScheduleTests
{
    private readonly FakeTimeProvider _time = new();
    private readonly OutboxOptions _options = new();
    private readonly RetrySchedule _retries;

    public RetryScheduleTests() =>
        _retries = new RetrySchedule(new ToTopics(), Options.Create(_options), new RelayRuntime(_time, new RelayIdentity(), NullLogger<RelayService>.Instance));

    [Fact]
    public void A_failed_entity_waits_longer_each_time_and_no_longer_when_it_is_done()
    {
        _retries.EntityFailed(Message("o1"), counts: true);
        var first = _retries.UntilNext;
        Assert.True(_retries.MustWait(Message("o1")));
        Assert.False(_retries.MustWait(Message("o2")));
        _time.Advance(_options.RetryDelay);
        Assert.False(_retries.MustWait(Message("o1")));

        for (var attempt = 2; attempt <= 5; attempt++)
        {
            Assert.Equal(attempt, _retries.EntityFailed(Message("o1"), counts: true));
        }

        Assert.True(_retries.UntilNext > first);
        _retries.EntityDone(new Entity("order", "o1"));
        Assert.Null(_retries.UntilNext);
    }

    [Fact]
    public void What_a_broker_did_not_answer_waits_and_does_not_count()
    {
        Assert.Equal(0, _retries.EntityFailed(Message("o1"), counts: false));
        Assert.Equal(1, _retries.EntityFailed(Message("o1"), counts: true));
    }

    [Fact]
    public void With_too_many_failing_entities_their_topics_wait_until_long_forgotten_ones_make_room()
    {
        for (var entity = 0; entity < 10_000; entity++)
        {
            _retries.EntityFailed(Message($"o{entity}"), counts: true);
        }

        _retries.EntityFailed(Message("one too many"), counts: true);
        Assert.True(_retries.MustWait(Message("another of its topic")));

        // All of them are another relay's by now.
        _time.Advance(_options.MaxRetryDelay * 2);
        _retries.EntityFailed(Message("later"), counts: true);
        Assert.True(_retries.MustWait(Message("later")));
        Assert.False(_retries.MustWait(Message("another of its topic")));
    }

    private sealed class ToTopics : IMessagePublisher
    {
        public Task<IReadOnlyList<PublishResult>> PublishAsync(
            IReadOnlyList<OutboxMessage> messages, TimeSpan deadline, CancellationToken cancellationToken) =>
            Task.FromResult<IReadOnlyList<PublishResult>>([.. messages.Select(_ => PublishResult.Published)]);
    }

    private static OutboxMessage Message(string entity) => new()
    {
        MessageId = entity,
        Lane = 0,
        Topic = "orders",
        EntityType = "order",
        EntityId = entity,
        Version = 1,
        Ordinal = 0,
        Intent = MessageIntent.Event,
        Type = "order-placed",
        Payload = "{}",
        Timestamp = DateTimeOffset.UnixEpoch,
    };
}
