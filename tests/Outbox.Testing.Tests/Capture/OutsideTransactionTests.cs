using MassTransit;
using MassTransit.Testing;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Outbox.Capture;
using Outbox.Testing.Tests.Harness;

namespace Outbox.Testing.Tests.Capture;

/// <summary>What MassTransit's calls do where no transaction runs.</summary>
public sealed class OutsideTransactionTests
{
    public static TheoryData<string> Ways => ["publish", "publish object", "publish typed object", "publish anonymous", "send", "send object", "send anonymous"];

    [Theory]
    [MemberData(nameof(Ways))]
    public async Task A_registered_type_is_refused_unless_said_otherwise(string way)
    {
        await using var services = await StartAsync();
        await using var scope = services.CreateAsyncScope();

        var refused = await Assert.ThrowsAsync<OutboxException>(() => CallAsync(scope.ServiceProvider, way));

        Assert.Contains("outside of a transaction", refused.Message, StringComparison.Ordinal);
        Assert.Contains("OutsideTransaction.Direct", refused.Message, StringComparison.Ordinal);
        Assert.False(await services.GetTestHarness().Published.Any<StockReserved>(Impatient));
        Assert.False(await services.GetTestHarness().Sent.Any<StockReserved>(Impatient));
    }

    [Theory]
    [MemberData(nameof(Ways))]
    public async Task With_Direct_it_goes_to_the_bus_at_once(string way)
    {
        await using var services = await StartAsync(o => o.UseBusOutbox(b => b.OutsideTransaction = OutsideTransaction.Direct));
        await using var scope = services.CreateAsyncScope();

        await CallAsync(scope.ServiceProvider, way);

        var harness = services.GetTestHarness();
        Assert.True(await (way.StartsWith("send", StringComparison.Ordinal) ? harness.Sent.Any<StockReserved>() : harness.Published.Any<StockReserved>()));
        await services.GetRequiredService<OutboxHarness>().Settled();
        Assert.Empty(services.GetRequiredService<OutboxHarness>().Messages);
    }

    [Theory]
    [MemberData(nameof(Ways))]
    public async Task With_the_bus_outbox_it_gets_a_transaction_of_its_own(string way)
    {
        await using var services = await StartAsync(o => o.UseBusOutbox());
        await using var scope = services.CreateAsyncScope();

        await CallAsync(scope.ServiceProvider, way);

        Assert.Equal("o1", (await services.GetRequiredService<OutboxHarness>().Published<StockReserved>()).EntityId);
    }

    [Theory]
    [MemberData(nameof(Ways))]
    public async Task Inside_a_transaction_the_option_changes_nothing(string way)
    {
        await using var services = await StartAsync();
        await using var scope = services.CreateAsyncScope();

        await services.GetRequiredService<IOutbox>().ExecuteAsync((_, _) => CallAsync(scope.ServiceProvider, way));

        await services.GetRequiredService<OutboxHarness>().Published<StockReserved>(x => x.OrderId == "o1");
    }

    [Fact]
    public async Task An_endpoint_that_was_asked_for_outside_of_a_transaction_joins_the_one_that_it_is_used_in()
    {
        await using var services = await StartAsync();
        await using var scope = services.CreateAsyncScope();
        var endpoint = await scope.ServiceProvider.GetRequiredService<ISendEndpointProvider>().GetSendEndpoint(new Uri("topic:stock"));

        await services.GetRequiredService<IOutbox>().ExecuteAsync((_, ct) => endpoint.Send(new StockReserved("o1"), ct));

        await services.GetRequiredService<OutboxHarness>().Published<StockReserved>(x => x.OrderId == "o1");
        await Assert.ThrowsAsync<OutboxException>(() => endpoint.Send(new StockReserved("o2")));
    }

    [Fact]
    public async Task The_option_comes_from_the_configuration_too()
    {
        await using var services = await StartAsync(settings: new() { ["Outbox:BusOutbox:OutsideTransaction"] = "OwnTransaction" });
        await using var scope = services.CreateAsyncScope();

        await CallAsync(scope.ServiceProvider, "publish");

        await services.GetRequiredService<OutboxHarness>().Published<StockReserved>();
    }

    [Fact]
    public async Task A_type_that_is_not_registered_goes_to_the_bus()
    {
        await using var services = await StartAsync();
        await using var scope = services.CreateAsyncScope();

        await scope.ServiceProvider.GetRequiredService<IPublishEndpoint>().Publish(new OrderCancelled("o1"));

        Assert.True(await services.GetTestHarness().Published.Any<OrderCancelled>());
    }

    [Theory]
    [InlineData("context.Publish")]
    [InlineData("context.Send")]
    [InlineData("IPublishEndpoint")]
    [InlineData("ISendEndpointProvider")]
    public async Task A_consumer_without_the_inbox_is_refused_too(string way)
    {
        await using var services = await StartAsync(bus: x =>
        {
            x.AddConsumer<PlainConsumer>();
            x.UsingInMemory((context, bus) => bus.ReceiveEndpoint("plain", e => e.ConfigureConsumer<PlainConsumer>(context)));
        });
        services.GetRequiredService<PlainConsumer.Way>().Name = way;

        await services.GetRequiredService<IBus>().Publish(new OrderCancelled("o1"));

        Assert.True(await services.GetTestHarness().Published.Any<Fault<OrderCancelled>>(
            x => x.Context.Message.Exceptions[0].Message.Contains("outside of a transaction", StringComparison.Ordinal)));
    }

    private static CancellationToken Impatient => new(canceled: true);

    private static async Task CallAsync(IServiceProvider services, string way)
    {
        var publish = services.GetRequiredService<IPublishEndpoint>();
        var message = new StockReserved("o1");
        if (way.StartsWith("publish", StringComparison.Ordinal))
        {
            await (way switch
            {
                "publish" => publish.Publish(message),
                "publish object" => publish.Publish((object)message),
                "publish typed object" => publish.Publish(message, typeof(StockReserved)),
                _ => publish.Publish<StockReserved>(new { OrderId = "o1" }),
            });
            return;
        }

        var send = await services.GetRequiredService<ISendEndpointProvider>().GetSendEndpoint(new Uri("topic:stock"));
        await (way switch
        {
            "send" => send.Send(message),
            "send object" => send.Send((object)message),
            _ => send.Send<StockReserved>(new { OrderId = "o1" }),
        });
    }

    private static async Task<ServiceProvider> StartAsync(
        Action<OutboxConfigurator>? outbox = null, Action<IBusRegistrationConfigurator>? bus = null, Dictionary<string, string?>? settings = null)
    {
        var services = new ServiceCollection()
            .AddSingleton<IConfiguration>(new ConfigurationBuilder().AddInMemoryCollection(settings ?? []).Build())
            .AddSingleton<PlainConsumer.Way>()
            .AddMassTransitTestHarness(x =>
            {
                x.SetTestTimeouts(testInactivityTimeout: TimeSpan.FromSeconds(20));
                x.AddOutbox(o =>
                {
                    o.UseInMemory();
                    o.Topic("stock", t => t.Message<StockReserved>());
                    o.EntityOf<StockReserved>(m => m.OrderId);
                    outbox?.Invoke(o);
                });
                bus?.Invoke(x);
            })
            .BuildServiceProvider(true);
        await services.GetTestHarness().Start();
        return services;
    }
}
