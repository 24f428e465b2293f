using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Options;
using Microsoft.Extensions.Time.Testing;
using Outbox.Delivery;
using Outbox.Delivery.Health;
using Outbox.Delivery.Publishing;
using Outbox.Delivery.Retrying;
using Outbox.Messages;

namespace Outbox.Tests.Delivery;

public sealed class RetryScheduleTests
{
    private static readonly Place Orders = new("orders");
    private readonly FakeTimeProvider _time = new();
    private readonly OutboxOptions _options = new();
    private readonly ClosedPlaces _places;
    private readonly RetrySchedule _retries;

    public RetryScheduleTests()
    {
        var runtime = new RelayRuntime(_time, new Random(7));
        _places = new ClosedPlaces(Options.Create(_options), runtime, new RelayHealth(_time), NullLogger<ClosedPlaces>.Instance);
        _retries = new RetrySchedule(new ToTopics(), _places, Options.Create(_options), runtime);
    }

    [Fact]
    public void A_failed_entity_waits_longer_each_time_and_no_longer_when_it_is_done()
    {
        var order = new Entity("order", "o1");
        _retries.EntityFailed(Samples.Message("o1"), counts: true);
        var first = _retries.UntilNext;
        Assert.True(_retries.MustWait(order));
        Assert.False(_retries.MustWait(new Entity("order", "o2")));
        Assert.Equal([order], _retries.Waiting);
        _time.Advance(_options.RetryDelay);
        Assert.False(_retries.MustWait(order));
        Assert.Empty(_retries.Waiting);

        for (var attempt = 2; attempt <= 5; attempt++)
        {
            Assert.Equal((attempt, attempt), _retries.EntityFailed(Samples.Message("o1"), counts: true));
        }

        Assert.True(_retries.UntilNext > first);
        _retries.EntityDone(order);
        Assert.Null(_retries.UntilNext);
    }

    [Fact]
    public void Entities_of_one_id_wait_and_are_counted_apart()
    {
        _retries.EntityFailed(Samples.Message("42"), counts: true);

        Assert.False(_retries.MustWait(new Entity("customer", "42")));
        Assert.Equal((1, 1), _retries.EntityFailed(Samples.Message("42", entityType: "customer"), counts: true));
        _retries.EntityDone(new Entity("customer", "42"));
        Assert.True(_retries.MustWait(new Entity("order", "42")));
    }

    [Fact]
    public void What_a_broker_did_not_answer_waits_and_does_not_count()
    {
        Assert.Equal((1, 0), _retries.EntityFailed(Samples.Message("o1"), counts: false));
        Assert.Equal((2, 1), _retries.EntityFailed(Samples.Message("o1"), counts: true));
    }

    [Fact]
    public void G9_a_query_names_a_limited_number_of_those_that_wait()
    {
        _places.Failed(new Place("orders", 3), "silent", isAnswered: false);
        for (var entity = 0; entity < RetrySchedule.MostNamed * 2; entity++)
        {
            _retries.EntityFailed(Samples.Message($"o{entity}"), counts: true);
            _retries.PassedOver(new Entity("order", $"p{entity}"), new Place("orders", 3));
        }

        Assert.Equal(RetrySchedule.MostNamed, _retries.Waiting.Count);
    }

    [Fact]
    public void Entities_that_were_passed_over_are_read_again_when_their_partitions_turn_has_come()
    {
        var partition = new Place("orders", 3);
        _places.Failed(partition, "silent", isAnswered: false);
        _retries.PassedOver(new Entity("order", "o1"), partition);
        Assert.Equal([new Entity("order", "o1")], _retries.Waiting);

        _time.Advance(_options.RetryDelay);

        Assert.Empty(_retries.Waiting);
    }

    [Fact]
    public void With_too_many_failing_entities_their_topics_wait_until_long_forgotten_ones_make_room()
    {
        for (var entity = 0; entity < 10_000; entity++)
        {
            _retries.EntityFailed(Samples.Message($"o{entity}"), counts: true);
        }

        _retries.EntityFailed(Samples.Message("one too many"), counts: true);
        Assert.True(_places.IsWaiting(Orders));

        // All of them are another relay's by now.
        _time.Advance(_options.MaxRetryDelay * 2);
        _retries.EntityFailed(Samples.Message("later"), counts: true);
        Assert.True(_retries.MustWait(new Entity("order", "later")));
        Assert.False(_places.IsWaiting(Orders));
    }
}
