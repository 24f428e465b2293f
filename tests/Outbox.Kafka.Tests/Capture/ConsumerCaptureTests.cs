using MassTransit;
using Outbox.Kafka.Tests.Fixture;

namespace Outbox.Kafka.Tests.Capture;

public sealed class ConsumerCaptureTests
{
    public static TheoryData<string> Ways =>
        ["ConsumeContext", "IPublishEndpoint", "ISendEndpointProvider", "IOutbox", "anonymous", "SetEntity", "context send", "object"];

    [Theory]
    [MemberData(nameof(Ways))]
    public async Task G1_what_a_consumer_publishes_is_part_of_its_transaction(string way)
    {
        await using var shop = new Shop(partitions: 1);
        shop.Probe.OnPlaced = consumption => Publish(consumption, way);
        await shop.Produce("o1", new OrderPlaced("o1", 1), messageId: "m1");

        await shop.Start();
        await shop.Signal.Until(() => shop.Store.Processed == 1, "it was processed");

        var captured = Assert.Single(shop.Store.Outbox);
        Assert.Equal(("o1", "m1"), (captured.EntityId, captured.Headers["causationId"]));
        Assert.Empty(shop.Store.Parked);
    }

    [Theory]
    [MemberData(nameof(Ways))]
    public async Task G1_nothing_is_published_by_an_attempt_that_fails(string way)
    {
        await using var shop = new Shop(partitions: 1);
        var attempts = 0;
        shop.Probe.OnPlaced = async consumption =>
        {
            await Publish(consumption, way);
            if (Interlocked.Increment(ref attempts) == 1)
            {
                throw new InvalidOperationException("the first attempt fails");
            }
        };
        await shop.Produce("o1", new OrderPlaced("o1", 1));

        await shop.Start(e => e.UseMessageRetry(r => r.Immediate(1)));
        await shop.Signal.Until(() => shop.Store.Processed == 1, "it was processed");

        Assert.Equal(2, attempts);
        Assert.Single(shop.Store.Outbox);
    }

    [Theory]
    [InlineData("unregistered", "is not registered")]
    [InlineData("no entity", "does not know which entity")]
    [InlineData("elsewhere", "cannot be sent to queue:legacy")]
    public async Task What_cannot_be_captured_fails_the_consumer_and_says_why(string what, string reason)
    {
        await using var shop = new Shop(partitions: 1);
        shop.Probe.OnPlaced = async consumption =>
        {
            await (what switch
            {
                "unregistered" => consumption.Context.Publish(new Unregistered("x")),
                "no entity" => consumption.Context.Publish(new OrderShipped("o1")),
                _ => (await consumption.SendEndpoints.GetSendEndpoint(new Uri("queue:legacy"))).Send(new ReserveStock("sku")),
            });
        };
        await shop.Produce("o1", new OrderPlaced("o1", 1));

        await shop.Start();
        await shop.Signal.Until(() => shop.Store.Parked.Count == 1, "it was parked");

        Assert.Contains(reason, shop.Store.Parked[0].Error, StringComparison.Ordinal);
        Assert.Empty(shop.Store.Outbox);
    }

    private static async Task Publish(Consumption consumption, string way)
    {
        var order = consumption.Message.OrderId;
        await (way switch
        {
            "ConsumeContext" => consumption.Context.Publish(new ShipmentCreated(order)),
            "IPublishEndpoint" => consumption.PublishEndpoint.Publish(new ShipmentCreated(order)),
            "ISendEndpointProvider" => (await consumption.SendEndpoints.GetSendEndpoint(new Uri("topic:stock"))).Send(new ReserveStock(order)),
            "IOutbox" => consumption.Outbox.ExecuteAsync((tx, _) =>
            {
                tx.Publish(new ShipmentCreated(order), order);
                return Task.CompletedTask;
            }),
            "anonymous" => consumption.PublishEndpoint.Publish<IShipmentPacked>(new { OrderId = order }),
            "SetEntity" => consumption.Context.Publish(new OrderShipped(order), x => x.SetEntity(order, 5)),
            "context send" => consumption.Context.Send(new Uri("topic:stock"), new ReserveStock(order)),
            "object" => consumption.Context.Publish((object)new ShipmentCreated(order)),
            _ => throw new ArgumentOutOfRangeException(nameof(way)),
        });
    }

    public sealed record Unregistered(string Name);
}
