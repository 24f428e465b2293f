using MassTransit;
using Outbox.Inbox;
using Outbox.Kafka.Tests.Fixture;

namespace Outbox.Kafka.Tests.Inbox.Features;

/// <summary>A redelivery parks the message until its time; what becomes of it then is the store's sweep, in the integration tests.</summary>
public sealed class RedeliveryTests
{
    [Theory]
    [InlineData("delayed")]
    [InlineData("scheduled")]
    public async Task A_redelivery_parks_the_message_until_its_time_and_leaves_no_effects(string kind)
    {
        await using var shop = new Shop(partitions: 1);
        shop.Probe.OnPlaced = async consumption =>
        {
            await consumption.Context.Publish(new ShipmentCreated("o1"));
            throw new InvalidOperationException("no such address");
        };
        await shop.Produce("o1", new OrderPlaced("o1", 1), messageId: "m1");
        await shop.Start(e =>
        {
            Use(e, kind, r => r.Intervals(TimeSpan.FromMinutes(5), TimeSpan.FromMinutes(30)));
            e.UseMessageRetry(r => r.Immediate(1));
        });
        await Signal.Eventually(() => shop.Committed() == 1, "it was acknowledged");

        var parked = Assert.Single(shop.Store.Parked);
        Assert.Equal((ParkReason.Failed, "m1", 2), (parked.Reason, parked.MessageId, shop.Probe.Placed.Count));
        Assert.InRange(parked.RetryAt!.Value - DateTimeOffset.UtcNow, TimeSpan.FromMinutes(3), TimeSpan.FromMinutes(5));
        Assert.Equal("1", System.Text.Encoding.UTF8.GetString(parked.Headers.Single(header => header.Key == "MT-Redelivery-Count").Value!));
        Assert.Contains("no such address", parked.Error, StringComparison.Ordinal);
        Assert.Empty(shop.Store.Outbox);
    }

    [Fact]
    public async Task When_all_redeliveries_are_used_up_the_message_is_parked_for_good()
    {
        await using var shop = new Shop(partitions: 1);
        shop.Probe.OnPlaced = _ => throw new InvalidOperationException("no such address");
        var envelope = Shop.Envelope("o1", new OrderPlaced("o1", 1));
        envelope.Headers.Add("MT-Redelivery-Count", "1"u8.ToArray());
        await shop.Produce(envelope);
        await shop.Start(e => e.UseDelayedRedelivery(r => r.Intervals(TimeSpan.FromMinutes(5))));
        await shop.Signal.Until(() => shop.Store.Parked.Count == 1, "it was parked");

        Assert.Null(shop.Store.Parked[0].RetryAt);
    }

    [Fact]
    public async Task An_outage_is_waited_for_and_not_redelivered()
    {
        await using var shop = new Shop(partitions: 1);
        var runs = 0;
        shop.Probe.OnPlaced = _ => Interlocked.Increment(ref runs) == 1 ? throw new StoreDownException() : Task.CompletedTask;
        await shop.Produce("o1", new OrderPlaced("o1", 1));
        await shop.Start(e => e.UseDelayedRedelivery(r => r.Intervals(TimeSpan.FromMinutes(5))));
        await Signal.Eventually(() => shop.Committed() == 1, "it was acknowledged");

        Assert.Empty(shop.Store.Parked);
        Assert.Equal(2, runs);
    }

    [Fact]
    public async Task A_redelivery_on_a_consumer_parks_the_message_too()
    {
        await using var shop = new Shop(partitions: 1);
        shop.Probe.OnPlaced = _ => throw new InvalidOperationException("no such address");
        var host = shop.BuildWith(
            _ => { },
            (e, context) => e.ConfigureConsumer<PlacedConsumer>(context, c => c.UseDelayedRedelivery(r => r.Intervals(TimeSpan.FromMinutes(5)))));
        await shop.Produce("o1", new OrderPlaced("o1", 1));
        await host.StartAsync();
        await shop.Signal.Until(() => shop.Store.Parked.Count == 1, "it was parked");

        Assert.NotNull(shop.Store.Parked[0].RetryAt);
    }

    private static void Use(ITopicEndpointConfigurator e, string kind, Action<IRetryConfigurator> configure)
    {
        if (kind == "delayed")
        {
            e.UseDelayedRedelivery(configure);
        }
        else
        {
            e.UseScheduledRedelivery(configure);
        }
    }
}
