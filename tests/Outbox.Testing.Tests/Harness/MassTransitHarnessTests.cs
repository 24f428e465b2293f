using MassTransit;
using MassTransit.Testing;
using Microsoft.Extensions.DependencyInjection;
using Outbox.Messages;

namespace Outbox.Testing.Tests.Harness;

/// <summary>Tests as a user writes them; docs/testing.md shows them.</summary>
public sealed class MassTransitHarnessTests
{
    // docs
    [Fact]
    public async Task An_order_that_is_placed_reserves_stock()
    {
        await using var services = new ServiceCollection()
            .AddSingleton<OrderService>()
            .AddMassTransitTestHarness(x =>
            {
                x.SetTestTimeouts(testInactivityTimeout: TimeSpan.FromSeconds(20));
                x.AddOutbox(o =>
                {
                    o.UseInMemory();
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

        Assert.True(await harness.Published.Any<OrderPlaced>(x => x.Context.Message.OrderId == "o1"));
        Assert.True(await harness.Consumed.Any<OrderPlaced>());
        var outbox = services.GetRequiredService<OutboxHarness>();
        var reserved = await outbox.Published<StockReserved>(x => x.OrderId == "o1");
        Assert.Equal(("o1", 1, MessageIntent.Event), (reserved.EntityId, reserved.Version, reserved.Intent));
    }
    // end

    [Fact]
    public async Task A_consumer_runs_once_for_a_message_that_is_published_twice()
    {
        await using var services = Services();
        var harness = await StartAsync(services);
        var messageId = Guid.NewGuid().ToString();
        var received = new ReceivedCount(2);
        harness.Bus.ConnectReceiveObserver(received);

        var outbox = services.GetRequiredService<OutboxHarness>();
        await services.GetRequiredService<OrderService>().PlaceAsync("o1", 1, new() { MessageId = messageId });
        await outbox.Published<StockReserved>();
        await outbox.Settled();
        await services.GetRequiredService<OrderService>().PlaceAsync("o1", 1, new() { MessageId = messageId });

        await received.Reached;
        await outbox.Settled();
        Assert.Single(outbox.All<StockReserved>());
    }

    [Fact]
    public async Task G1_what_a_failing_consumer_published_is_not_published_and_its_fault_is()
    {
        await using var services = Services();
        var harness = await StartAsync(services);

        await services.GetRequiredService<OrderService>().PlaceAsync("o1", 11);

        Assert.True(await harness.Published.Any<Fault<OrderPlaced>>(x => x.Context.Message.Exceptions[0].Message.Contains("not so many", StringComparison.Ordinal)));
        await services.GetRequiredService<OutboxHarness>().Settled();
        Assert.Empty(services.GetRequiredService<OutboxHarness>().All<StockReserved>());
    }

    [Fact]
    public async Task The_message_that_caused_another_is_seen_in_its_headers()
    {
        await using var services = Services();
        await StartAsync(services);
        var outbox = services.GetRequiredService<OutboxHarness>();

        await services.GetRequiredService<OrderService>().PlaceAsync("o1", 1, new() { MessageId = "not-a-guid", CorrelationId = "c1" });

        var placed = await outbox.Published<OrderPlaced>();
        var reserved = await outbox.Published<StockReserved>();
        Assert.Equal("not-a-guid", placed.Envelope.MessageId);
        Assert.Equal("c1", reserved.Headers["correlationId"]);
        Assert.True(Guid.TryParse(reserved.Headers["causationId"], out _));
    }

    [Fact]
    public async Task A_command_reaches_its_consumer_and_a_tombstone_too()
    {
        await using var services = Services(x =>
        {
            x.AddHandler((ReserveStock _) => Task.CompletedTask);
            x.AddHandler((Tombstone<OrderPlaced> _) => Task.CompletedTask);
        });
        var harness = await StartAsync(services);

        await services.GetRequiredService<Outbox.Capture.IOutbox>().ExecuteAsync((tx, _) =>
        {
            tx.Send(new ReserveStock("o1", 3), "o1");
            tx.PublishTombstone<OrderPlaced>("o2");
            return Task.CompletedTask;
        });

        Assert.True(await harness.Consumed.Any<ReserveStock>(x => x.Context.Message.Quantity == 3));
        Assert.True(await harness.Consumed.Any<Tombstone<OrderPlaced>>(x => x.Context.Message.EntityId == "o2"));
        var sent = await services.GetRequiredService<OutboxHarness>().Published<ReserveStock>();
        Assert.Equal((MessageIntent.Command, "stock.commands"), (sent.Intent, sent.Topic));
    }

    [Fact]
    public async Task An_endpoint_with_two_inboxes_does_not_start_and_says_why()
    {
        await using var services = Services(x => x.AddConfigureEndpointsCallback((context, _, endpoint) => endpoint.UseInbox(context)));

        var refused = Assert.ThrowsAny<Exception>(() => services.GetRequiredService<IBusControl>());

        Assert.Contains("has an inbox already", refused.ToString(), StringComparison.Ordinal);
    }

    private static ServiceProvider Services(Action<IBusRegistrationConfigurator>? bus = null) => new ServiceCollection()
        .AddSingleton<OrderService>()
        .AddMassTransitTestHarness(x =>
        {
            x.SetTestTimeouts(testInactivityTimeout: TimeSpan.FromSeconds(20));
            x.AddOutbox(o =>
            {
                o.UseInMemory();
                o.Topic("orders", t => t.Message<OrderPlaced>());
                o.Topic("stock", t => t.Message<StockReserved>());
                o.Commands("stock", t => t.Command<ReserveStock>());
                o.EntityOf<StockReserved>(m => m.OrderId);
            });
            x.AddConsumer<StockConsumer>();
            bus?.Invoke(x);
        })
        .BuildServiceProvider(true);

    private static async Task<ITestHarness> StartAsync(IServiceProvider services)
    {
        var harness = services.GetTestHarness();
        await harness.Start();
        return harness;
    }
}
