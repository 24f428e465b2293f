using MassTransit;
using Outbox.Kafka.Tests.Fixture;

namespace Outbox.Kafka.Tests.Inbox;

public sealed class ConfigurationTests
{
    [Theory]
    [InlineData(0, 1, "ConcurrentMessageLimit")]
    [InlineData(1, 0, "CheckpointMessageCount")]
    public async Task Settings_that_cannot_work_stop_the_start_and_are_named(int concurrent, int checkpoint, string name)
    {
        await using var shop = new Shop();
        var host = shop.Build(e =>
        {
            e.ConcurrentMessageLimit = concurrent;
            e.CheckpointMessageCount = checkpoint;
        });

        var refused = await shop.Refuses(host);

        Assert.Contains($"{name} of TopicEndpoint(\"orders\", \"shipping\", …)", refused, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_consumer_that_no_message_could_reach_stops_the_start()
    {
        await using var shop = new Shop();
        var host = shop.BuildWith((k, context) => k.TopicEndpoint("shipments", "g", e => e.ConfigureConsumer<PlacedConsumer>(context)));

        var refused = await shop.Refuses(host);

        Assert.Contains("OrderPlaced, which is not registered for this topic", refused, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_topic_is_configured_once_for_each_group()
    {
        await using var shop = new Shop();
        var host = shop.BuildWith((k, context) =>
        {
            k.TopicEndpoint("orders", "g", e => e.ConfigureConsumer<PlacedConsumer>(context));
            k.TopicEndpoint("orders", "g", e => e.ConfigureConsumer<PlacedConsumer>(context));
        });

        var refused = await shop.Refuses(host);

        Assert.Contains("is called twice", refused, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Two_receivers_of_one_command_stop_the_start_and_are_both_named()
    {
        await using var shop = new Shop();
        var host = shop.BuildWith((k, context) =>
        {
            k.TopicEndpoint("stock", "reserving", e => e.ConfigureConsumer<StockConsumer>(context));
            k.TopicEndpoint("stock", "counting", e => e.ConfigureConsumer<StockConsumer>(context));
        });

        var refused = await shop.Refuses(host);

        Assert.Contains("ReserveStock has two receivers", refused, StringComparison.Ordinal);
        Assert.Contains("\"reserving\"", refused, StringComparison.Ordinal);
        Assert.Contains("\"counting\"", refused, StringComparison.Ordinal);
    }
}
