using MassTransit;
using MassTransit.DependencyInjection;
using MassTransit.Testing;
using Microsoft.Extensions.DependencyInjection;
using Outbox.Capture;
using Outbox.Testing.Tests.Harness;

namespace Outbox.Testing.Tests.Capture;

/// <summary>A bus beside the outbox's sends nothing from inside a transaction that could still fail.</summary>
public sealed class SecondBusTests
{
    public interface ISecondBus : IBus;

    [Theory]
    [InlineData("publish")]
    [InlineData("send")]
    public async Task G1_its_endpoints_are_refused_inside_a_transaction(string way)
    {
        await using var services = await StartAsync();
        await using var scope = services.CreateAsyncScope();

        var refused = await Assert.ThrowsAsync<OutboxException>(
            () => services.GetRequiredService<IOutbox>().ExecuteAsync((_, _) => CallAsync(scope.ServiceProvider, way)));

        Assert.Contains("another bus", refused.Message, StringComparison.Ordinal);
        Assert.False(services.GetRequiredService<Received>().First.IsCompleted);
        await CallAsync(scope.ServiceProvider, way);
        await services.GetRequiredService<Received>().First.WaitAsync(TimeSpan.FromSeconds(60));
    }

    [Fact]
    public async Task The_bus_itself_is_asked_on_purpose()
    {
        await using var services = await StartAsync();

        await services.GetRequiredService<IOutbox>().ExecuteAsync((_, ct) => services.GetRequiredService<ISecondBus>().Publish(new OrderCancelled("o1"), ct));

        await services.GetRequiredService<Received>().First.WaitAsync(TimeSpan.FromSeconds(60));
    }

    private static async Task CallAsync(IServiceProvider services, string way)
    {
        if (way == "publish")
        {
            await services.GetRequiredService<Bind<ISecondBus, IPublishEndpoint>>().Value.Publish(new OrderCancelled("o1"));
            return;
        }

        var send = await services.GetRequiredService<Bind<ISecondBus, ISendEndpointProvider>>().Value.GetSendEndpoint(new Uri("queue:second"));
        await send.Send(new OrderCancelled("o1"));
    }

    private static async Task<ServiceProvider> StartAsync()
    {
        var services = new ServiceCollection()
            .AddSingleton<Received>()
            .AddMassTransitTestHarness(x => x.AddOutbox(o =>
            {
                o.UseInMemory();
                o.Topic("orders", t => t.Message<OrderPlaced>());
            }))
            .AddMassTransit<ISecondBus>(x =>
            {
                x.AddConsumer<Receiving>();
                x.UsingInMemory((context, bus) => bus.ReceiveEndpoint("second", e => e.ConfigureConsumer<Receiving>(context)));
            })
            .BuildServiceProvider(true);
        await services.GetTestHarness().Start();
        return services;
    }

    public sealed class Received
    {
        private readonly TaskCompletionSource _first = new(TaskCreationOptions.RunContinuationsAsynchronously);

        public Task First => _first.Task;

        public void Note() => _first.TrySetResult();
    }

    private sealed class Receiving(Received received) : IConsumer<OrderCancelled>
    {
        public Task Consume(ConsumeContext<OrderCancelled> context)
        {
            received.Note();
            return Task.CompletedTask;
        }
    }
}
