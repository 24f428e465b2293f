using Outbox.Embedded;
using Outbox.Embedded.Kafka;

namespace Outbox.Examples.Tests.GettingStarted;

public sealed class GettingStartedTests
{
    private sealed record Placed(string Id, string Item);

    private sealed record Shipment(string Id, string Item, long Version);

    [Fact]
    public async Task What_was_ordered_while_shipping_was_down_and_afterwards_becomes_shipments()
    {
        await using var servers = await EmbeddedServers.StartAsync(kafka: new KafkaClusterOptions { Topics = { ["orders"] = 4 } });
        var (mongoDb, kafka) = (servers.MongoDb.ConnectionString, servers.Kafka.BootstrapServers);
        using var orders = await StartedService.StartAsync("Orders", mongoDb, kafka);

        var before = await orders.PostAsync<Placed>("/orders", new { item = "bread", quantity = 2 });
        using var shipping = await StartedService.StartAsync("Shipping", mongoDb, kafka);
        var after = await orders.PostAsync<Placed>("/orders", new { item = "butter", quantity = 1 });

        Assert.Equal(new Shipment(before.Id, "bread", 1), await shipping.GetWhenThereAsync<Shipment>($"/shipments/{before.Id}"));
        Assert.Equal(new Shipment(after.Id, "butter", 1), await shipping.GetWhenThereAsync<Shipment>($"/shipments/{after.Id}"));
    }

    [Fact]
    public async Task A_shipping_that_is_there_before_the_topic_hears_of_the_first_order()
    {
        await using var servers = await EmbeddedServers.StartAsync();
        var (mongoDb, kafka) = (servers.MongoDb.ConnectionString, servers.Kafka.BootstrapServers);
        using var shipping = await StartedService.StartAsync("Shipping", mongoDb, kafka);
        using var orders = await StartedService.StartAsync("Orders", mongoDb, kafka);

        var order = await orders.PostAsync<Placed>("/orders", new { item = "bread", quantity = 2 });

        Assert.Equal("bread", (await shipping.GetWhenThereAsync<Shipment>($"/shipments/{order.Id}")).Item);
    }
}
