using MassTransit;
using Microsoft.Extensions.DependencyInjection;
using Outbox.Capture;
using Outbox.Kafka.Tests.Fixture;

namespace Outbox.Kafka.Tests.Capture;

public sealed class BusOutboxTests
{
    [Fact]
    public async Task With_the_bus_outbox_an_injected_endpoint_captures_outside_of_a_transaction_too()
    {
        await using var shop = new Shop();
        var host = await shop.Start(outbox: o => o.UseBusOutbox());
        await using var scope = host.Services.CreateAsyncScope();

        await scope.ServiceProvider.GetRequiredService<IPublishEndpoint>().Publish(new ShipmentCreated("o1"));
        var stock = await scope.ServiceProvider.GetRequiredService<ISendEndpointProvider>().GetSendEndpoint(new Uri("topic:stock"));
        await stock.Send(new ReserveStock("sku"));

        Assert.Equal(["shipments", "stock"], shop.Store.Outbox.Select(x => x.Topic));
    }

    [Fact]
    public async Task G1_an_injected_endpoint_joins_the_running_transaction()
    {
        await using var shop = new Shop();
        var host = await shop.Start();
        await using var scope = host.Services.CreateAsyncScope();
        var publish = scope.ServiceProvider.GetRequiredService<IPublishEndpoint>();
        var outbox = host.Services.GetRequiredService<IOutbox>();

        await Assert.ThrowsAsync<InvalidOperationException>(() => outbox.ExecuteAsync(async (_, ct) =>
        {
            await publish.Publish(new ShipmentCreated("o1"), ct);
            throw new InvalidOperationException("the transaction fails");
        }));
        Assert.Empty(shop.Store.Outbox);
        await outbox.ExecuteAsync((_, ct) => publish.Publish(new ShipmentCreated("o2"), ct));

        Assert.Equal("o2", Assert.Single(shop.Store.Outbox).EntityId);
    }
}
