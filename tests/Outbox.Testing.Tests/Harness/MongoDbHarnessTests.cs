using MassTransit;
using MassTransit.Testing;
using Microsoft.Extensions.DependencyInjection;
using Outbox.Embedded.MongoDb;

namespace Outbox.Testing.Tests.Harness;

/// <summary>MassTransit's harness starts no host: what a host would prepare is prepared at the first use.</summary>
public sealed class MongoDbHarnessTests
{
    [Fact]
    public async Task The_test_harness_publishes_from_MongoDB_on_a_plain_service_collection()
    {
        await using var mongo = await MongoServer.StartAsync();
        await using var services = new ServiceCollection()
            .AddSingleton<OrderService>()
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
                    o.Topic("orders", t => t.Message<OrderPlaced>());
                    o.Topic("stock", t => t.Message<StockReserved>());
                    o.EntityOf<StockReserved>(m => m.OrderId);
                });
                x.AddConsumer<StockConsumer>();
            })
            .BuildServiceProvider(true);
        var harness = services.GetTestHarness();
        await harness.Start();

        await services.GetRequiredService<OrderService>().PlaceAsync("o1", quantity: 2);

        Assert.True(await harness.Consumed.Any<OrderPlaced>());
        await services.GetRequiredService<OutboxHarness>().Published<StockReserved>(x => x.OrderId == "o1");
    }
}
