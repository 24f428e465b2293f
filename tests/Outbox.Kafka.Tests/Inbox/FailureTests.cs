using System.Diagnostics.Metrics;
using System.Text;
using Confluent.Kafka;
using MassTransit;
using Microsoft.Extensions.DependencyInjection;
using Outbox.Inbox;
using Outbox.Kafka.Tests.Fixture;

namespace Outbox.Kafka.Tests.Inbox;

public sealed class FailureTests
{
    [Fact]
    public async Task G8_what_cannot_be_read_is_parked_once_and_the_partition_goes_on()
    {
        await using var shop = new Shop(partitions: 1);
        var broken = Shop.Envelope("o1", new OrderPlaced("o1", 1));
        broken.Value = "{ not json"u8.ToArray();
        await shop.Produce(broken);
        var wrong = Shop.Envelope("o2", new OrderPlaced("o2", 1));
        wrong.Value = Encoding.UTF8.GetBytes(Encoding.UTF8.GetString(wrong.Value!).Replace("\"number\":1", "\"number\":\"many\"", StringComparison.Ordinal));
        await shop.Produce(wrong);
        await shop.Produce("o3", new OrderPlaced("o3", 1));

        await shop.Start();
        await Signal.Eventually(() => shop.Committed() == 3, "the partition went on");

        Assert.Equal("o3", Assert.Single(shop.Probe.Placed).OrderId);
        Assert.Equal([0L, 1L], shop.Store.Parked.Select(x => x.Offset).Order());
        Assert.All(shop.Store.Parked, x => Assert.Equal((ParkReason.Unreadable, Shop.Group, "orders"), (x.Reason, x.Endpoint, x.Topic)));
        var parked = shop.Store.Parked.Single(x => x.Offset == 0);
        Assert.Equal(("o1", "{ not json", "order-placed"), (Encoding.UTF8.GetString(parked.Key!), Encoding.UTF8.GetString(parked.Value!), parked.Type));
        Assert.Contains("number", shop.Store.Parked.Single(x => x.Offset == 1).Error, StringComparison.Ordinal);
        Assert.Equal(broken.Headers.Select(x => x.Key), parked.Headers.Select(x => x.Key));
    }

    [Fact]
    public async Task G5_a_message_that_keeps_failing_is_parked_after_its_retries_while_others_flow()
    {
        await using var shop = new Shop(partitions: 1);
        shop.Probe.OnPlaced = consumption => consumption.Message.OrderId == "bad" ? throw new InvalidOperationException("cannot ship this") : Task.CompletedTask;
        await shop.Produce("good1", new OrderPlaced("good1", 1));
        await shop.Produce("bad", new OrderPlaced("bad", 1), messageId: "m-bad", version: 7);
        await shop.Produce("bad", new OrderCancelled("bad"));
        await shop.Produce("good2", new OrderPlaced("good2", 1));

        await shop.Start(e => e.UseMessageRetry(r => r.Interval(2, TimeSpan.FromMilliseconds(10))));
        await Signal.Eventually(() => shop.Committed() == 4, "the partition went on");

        var parked = Assert.Single(shop.Store.Parked);
        Assert.Equal((ParkReason.Failed, "m-bad", "bad", 7L, "order-placed", 3), (parked.Reason, parked.MessageId, parked.EntityId, parked.Version, parked.Type, parked.Attempts));
        Assert.Contains("cannot ship this", parked.Error, StringComparison.Ordinal);
        Assert.Contains(nameof(G5_a_message_that_keeps_failing_is_parked_after_its_retries_while_others_flow), parked.Error, StringComparison.Ordinal);
        Assert.Equal(3, shop.Store.Processed);
        Assert.Single(shop.Probe.Cancelled);
    }

    [Fact]
    public async Task Types_that_the_endpoint_does_not_handle_are_skipped_and_counted()
    {
        await using var shop = new Shop(partitions: 1);
        var host = shop.Build();
        var skipped = new List<string>();
        using var listener = new MeterListener();
        var factory = host.Services.GetRequiredService<IMeterFactory>();
        listener.InstrumentPublished = (instrument, self) =>
        {
            if (instrument.Name == "outbox.inbox.skipped" && ReferenceEquals(instrument.Meter.Scope, factory))
            {
                self.EnableMeasurementEvents(instrument);
            }
        };
        listener.SetMeasurementEventCallback<long>((_, _, tags, _) =>
        {
            lock (skipped)
            {
                foreach (var tag in tags)
                {
                    if (tag.Key == "type")
                    {
                        skipped.Add((string)tag.Value!);
                    }
                }
            }
        });
        listener.Start();
        await shop.Produce("o1", new OrderShipped("o1"));
        await shop.Produce(new Message<string, byte[]?> { Key = "x", Value = "not ours"u8.ToArray(), Headers = [new Header("type", "of-another-team"u8.ToArray())] });
        await shop.Produce("o2", new OrderPlaced("o2", 1));

        await host.StartAsync();
        await Signal.Eventually(() => shop.Committed() == 3, "the partition went on");

        Assert.Single(shop.Probe.Placed);
        Assert.Empty(shop.Store.Parked);
        lock (skipped)
        {
            Assert.Equal(["_OTHER", "order-shipped"], skipped.Order());
        }
    }

    [Fact]
    public async Task An_outage_of_the_database_parks_nothing_and_ends_by_itself()
    {
        await using var shop = new Shop(partitions: 1);
        shop.Store.Down = true;
        for (var i = 0; i < 5; i++)
        {
            await shop.Produce($"o{i}", new OrderPlaced($"o{i}", i));
        }

        var host = await shop.Start();
        await shop.Signal.Until(() => shop.Store.Transactions > 20, "messages were tried again and again");
        await Signal.Eventually(() => Shop.Health(host).Status == BusHealthStatus.Unhealthy, "the endpoint is unhealthy");
        Assert.Equal(0, shop.Committed());

        shop.Store.Down = false;
        await shop.Signal.Until(() => shop.Store.Processed == 5, "all were processed");
        await Signal.Eventually(() => Shop.Health(host).Status == BusHealthStatus.Healthy, "the endpoint is healthy");
        Assert.Empty(shop.Store.Parked);
        await Signal.Eventually(() => shop.Committed() == 5, "all were committed");
    }

    [Fact]
    public async Task An_outage_that_only_the_consumer_meets_parks_nothing_either()
    {
        await using var shop = new Shop(partitions: 1);
        var runs = 0;
        shop.Probe.OnPlaced = _ => Interlocked.Increment(ref runs) < 4
            ? throw new InvalidOperationException("wrapped by the consumer", new StoreDownException())
            : Task.CompletedTask;
        await shop.Produce("o", new OrderPlaced("o", 1));

        await shop.Start();
        await shop.Signal.Until(() => shop.Store.Processed + shop.Store.Parked.Count == 1, "it was done");

        Assert.Empty(shop.Store.Parked);
        Assert.Equal(4, runs);
    }

    [Fact]
    public async Task A_message_that_cannot_be_parked_waits_until_it_can()
    {
        await using var shop = new Shop(partitions: 1);
        shop.Store.Down = true;
        var broken = Shop.Envelope("o1", new OrderPlaced("o1", 1));
        broken.Value = [1, 2, 3];
        await shop.Produce(broken);

        var host = await shop.Start();
        await Signal.Eventually(() => Shop.Health(host).Status == BusHealthStatus.Unhealthy, "the endpoint is unhealthy");
        Assert.Equal(0, shop.Committed());
        shop.Store.Down = false;

        await shop.Signal.Until(() => shop.Store.Parked.Count == 1, "it was parked");
        await Signal.Eventually(() => shop.Committed() == 1, "it was committed");
    }
}
