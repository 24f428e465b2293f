using MassTransit;
using Microsoft.Extensions.DependencyInjection;
using Outbox.Kafka.Tests.Fixture;

namespace Outbox.Kafka.Tests.Inbox.Features;

public interface ISecondBus : IBus;

/// <summary>Which consumers an endpoint finds, and which of them no message reaches.</summary>
public sealed class RegistrationTests : IAsyncDisposable
{
    private readonly Shop _shop = new(partitions: 1);

    public ValueTask DisposeAsync() => _shop.DisposeAsync();

    [Fact]
    public async Task A_second_bus_has_consumers_and_topic_endpoints_of_its_own()
    {
        var host = _shop.BuildWith(
            x => ((IServiceCollection)x).AddMassTransit<ISecondBus>(second =>
            {
                second.AddConsumer<SecondConsumer>();
                second.UsingInMemory((_, bus) => bus.Host(new Uri("loopback://second/")));
                second.AddRider(r => r.UsingKafkaOutbox((context, k) => k.TopicEndpoint("orders", "second", e =>
                {
                    e.CheckpointInterval = TimeSpan.FromMilliseconds(50);
                    e.ConfigureConsumer<SecondConsumer>(context);
                })));
            }),
            (e, context) => e.ConfigureConsumer<PlacedConsumer>(context));
        await _shop.Produce("o1", new OrderPlaced("o1", 1));
        await _shop.Produce("o1", new OrderCancelled("o1"), version: 2);

        await host.StartAsync();
        await _shop.Signal.Until(() => _shop.Store.Processed == 2, "each bus has processed its message");

        Assert.Empty(_shop.Store.Parked);
        Assert.Single(_shop.Probe.Placed);
        Assert.Single(_shop.Probe.Cancelled);
        Assert.Single(_shop.Store.Outbox);
    }

    [Fact]
    public async Task A_consumer_that_is_on_no_endpoint_is_a_warning_that_names_it()
    {
        var host = _shop.BuildWith(x => x.AddConsumer<SecondConsumer>(), (e, context) => e.ConfigureConsumer<PlacedConsumer>(context));

        await host.StartAsync();

        Assert.Contains(_shop.Logs.Of(370), line => line.StartsWith("SecondConsumer is registered and on no endpoint", StringComparison.Ordinal));
        Assert.DoesNotContain(_shop.Logs.Of(370), line => line.StartsWith("PlacedConsumer", StringComparison.Ordinal));
        Assert.Empty(_shop.Logs.Of(371));
    }

    [Fact]
    public async Task A_consumer_that_ConfigureEndpoints_put_on_the_in_memory_bus_alone_is_a_warning_that_names_it_and_its_topic()
    {
        var host = _shop.BuildWith(
            x => x.AddConsumer<SecondConsumer>(),
            x =>
            {
                x.UsingInMemory((context, bus) => bus.ConfigureEndpoints(context));
                x.AddRider(r => r.UsingKafkaOutbox((context, k) => k.TopicEndpoint("orders", Shop.Group, e => e.ConfigureConsumer<PlacedConsumer>(context))));
            });

        await host.StartAsync();

        Assert.Contains(_shop.Logs.Of(371), line =>
            line.StartsWith("SecondConsumer is only on", StringComparison.Ordinal) && line.Contains("'orders'", StringComparison.Ordinal));
        Assert.DoesNotContain(_shop.Logs.Of(371), line => line.StartsWith("PlacedConsumer", StringComparison.Ordinal));
        Assert.Empty(_shop.Logs.Of(370));
    }
}

public sealed class SecondConsumer(Probe probe) : IConsumer<OrderCancelled>
{
    public async Task Consume(ConsumeContext<OrderCancelled> context)
    {
        probe.Run(context.Message);
        await context.Publish(new ShipmentCreated(context.Message.OrderId));
    }
}
