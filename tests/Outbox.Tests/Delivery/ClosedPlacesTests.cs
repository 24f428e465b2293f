using Microsoft.Extensions.Options;
using Microsoft.Extensions.Time.Testing;
using Outbox.Delivery;
using Outbox.Delivery.Health;
using Outbox.Delivery.Publishing;
using Outbox.Delivery.Retrying;
using Outbox.Messages;

namespace Outbox.Tests.Delivery;

public sealed class ClosedPlacesTests
{
    private static readonly Place Orders = new("orders");
    private readonly FakeTimeProvider _time = new();
    private readonly OutboxOptions _options = new();
    private readonly Lines<ClosedPlaces> _log = new();
    private readonly RelayHealth _health;
    private readonly ClosedPlaces _places;

    public ClosedPlacesTests()
    {
        _health = new RelayHealth(_time);
        _places = new ClosedPlaces(Options.Create(_options), new RelayRuntime(_time, new Random(7)), _health, _log);
    }

    [Fact]
    public void A_place_waits_after_each_failure_is_tried_again_and_is_open_when_something_got_through()
    {
        _places.Failed(Orders, "not authorised", isAnswered: true);
        Assert.Equal([Orders], _places.Waiting);
        Assert.Equal(Orders, _places.ClosedOver(new Place("orders", 3)));
        Assert.Null(_places.ClosedOver(new Place("customers")));

        _time.Advance(_options.RetryDelay);
        Assert.Empty(_places.Waiting);
        Assert.Equal(Orders, _places.ClosedOver(Orders));

        _places.Failed(Orders, "not authorised", isAnswered: true);
        Assert.True(_places.IsWaiting(Orders));
        _places.Done(new Place("orders", 3));
        Assert.False(_places.Any);
    }

    [Fact]
    public void The_log_says_once_when_a_place_closes_and_once_when_it_opens_and_health_in_between()
    {
        for (var failure = 0; failure < 5; failure++)
        {
            _places.Failed(Orders, "not authorised", isAnswered: true);
        }

        Assert.Equal([205], _log.Ids);
        Assert.Contains("topic orders: not authorised", _log.All[0].Text, StringComparison.Ordinal);
        Assert.Equal((Orders, "not authorised"), (_health.Places[0].Place, _health.Places[0].Reason));

        _places.Done(Orders);
        Assert.Equal([205, 207], _log.Ids);
        Assert.Empty(_health.Places);
    }

    [Fact]
    public void A_place_that_no_message_is_for_any_more_is_forgotten()
    {
        _places.Failed(Orders, "not authorised", isAnswered: true);
        _places.StartSweep([]);
        _places.EndSweep();
        Assert.True(_places.Any);

        _time.Advance(_options.RetryDelay);
        _places.StartSweep([]);
        _places.EndSweep();

        Assert.False(_places.Any);
        Assert.Empty(_health.Places);
    }

    [Fact]
    public void A_place_that_was_tried_in_a_sweep_is_not_forgotten()
    {
        _places.Failed(Orders, "not authorised", isAnswered: true);
        _time.Advance(_options.RetryDelay);
        _places.StartSweep([]);
        _time.Advance(TimeSpan.FromMilliseconds(1));
        _places.Failed(Orders, "not authorised", isAnswered: true);
        _places.EndSweep();

        Assert.True(_places.Any);
    }

    [Fact]
    public void A_query_can_leave_out_topics_and_the_cluster_but_no_partitions()
    {
        _places.Failed(new Place("orders", 3), "silent", isAnswered: false);
        Assert.Empty(_places.Waiting);
        Assert.Equal(0, _places.Closings);

        _places.Failed(Place.Cluster, "wrong password", isAnswered: true);
        Assert.Equal([Place.Cluster], _places.Waiting);
        Assert.Equal(Place.Cluster, _places.ClosedOver(new Place("orders", 3)));
        Assert.Null(_places.ClosedOver(new Place(BusTopics.Events)));
    }
}
