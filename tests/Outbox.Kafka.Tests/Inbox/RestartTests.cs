using MassTransit;
using Microsoft.Extensions.DependencyInjection;
using Outbox.Inbox.Health;
using Outbox.Kafka.Tests.Fixture;

namespace Outbox.Kafka.Tests.Inbox;

public sealed class RestartTests
{
    [Fact]
    public async Task G10_a_bus_that_is_stopped_and_started_consumes_again()
    {
        await using var shop = new Shop(partitions: 1);
        await shop.Produce("o1", new OrderPlaced("o1", 1));
        var host = await shop.Start();
        await shop.Signal.Until(() => shop.Store.Processed == 1, "the first message was processed");
        var bus = host.Services.GetRequiredService<IBusControl>();

        await bus.StopAsync();
        Assert.NotEqual(BusHealthStatus.Healthy, Shop.Health(host).Status);
        await shop.Produce("o2", new OrderPlaced("o2", 1));
        await bus.StartAsync();

        await shop.Signal.Until(() => shop.Store.Processed == 2, "the second message was processed");
        await Signal.Eventually(() => Shop.Health(host).Status == BusHealthStatus.Healthy, "the endpoint is healthy");
    }

    [Fact]
    public async Task A_bus_that_is_stopped_has_no_partitions_and_knows_what_was_left()
    {
        await using var shop = new Shop(partitions: 1);
        await shop.Produce("o1", new OrderPlaced("o1", 1));
        var host = await shop.Start();
        var state = host.Services.GetRequiredService<EndpointStates>().Of(Shop.Group, "orders");
        await Signal.Eventually(() => state is { Partitions: 1, Lag: 0 }, "the endpoint has done what there is");

        await host.Services.GetRequiredService<IBusControl>().StopAsync();

        Assert.Equal((0, 0L), (state.Partitions, state.Lag));
    }

    [Fact]
    public async Task A_host_that_is_disposed_without_a_stop_throws_nothing()
    {
        await using var shop = new Shop(partitions: 1);
        await shop.Produce("o1", new OrderPlaced("o1", 1));
        var host = await shop.Start();
        await shop.Signal.Until(() => shop.Store.Processed == 1, "the message was processed");

        host.Dispose();
    }
}
