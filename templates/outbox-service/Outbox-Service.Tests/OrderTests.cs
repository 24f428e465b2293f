using MassTransit;
using MassTransit.Testing;
using Microsoft.Extensions.DependencyInjection;
using Outbox;
using Outbox.Embedded.MongoDb;
using Outbox.Testing;
using Outbox_Service.Orders;
using Outbox_Service.Shipments;

namespace Outbox_Service.Tests;

/// <summary>One part of the service, on a MongoDB in this process and without Kafka: fast, and each message can be awaited.</summary>
public sealed class OrderTests
{
    [Fact]
    public async Task An_order_that_is_placed_is_published_and_consumed()
    {
        await using var mongo = await MongoServer.StartAsync();
        await using var services = new ServiceCollection()
            .AddSingleton<OrderPlacement>()
            .AddMassTransitTestHarness(x =>
            {
                x.SetTestTimeouts(testInactivityTimeout: TimeSpan.FromSeconds(20));
                x.AddOutbox(o =>
                {
                    o.UseMongoDb(m =>
                    {
                        m.Connection = mongo.ConnectionString;
                        m.DatabaseName = "orders";
                    });
                    o.UseInMemoryBroker();
                    o.AddMessages();
                });
                x.AddConsumer<OrderPlacedConsumer>();
            })
            .BuildServiceProvider(true);
        var harness = services.GetTestHarness();
        await harness.Start();

        var order = await services.GetRequiredService<OrderPlacement>().PlaceAsync(new PlaceOrder("bread", 2), TestContext.Current.CancellationToken);

        var placed = await services.GetRequiredService<OutboxHarness>().Published<OrderPlaced>(x => x.OrderId == order.Id, TestContext.Current.CancellationToken);
        Assert.Equal(("bread", 1), (placed.Message.Item, placed.Version));
        Assert.True(await harness.Consumed.Any<OrderPlaced>(TestContext.Current.CancellationToken));
    }
}
