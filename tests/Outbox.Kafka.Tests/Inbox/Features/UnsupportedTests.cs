using MassTransit;
using Outbox.Kafka.Tests.Fixture;

namespace Outbox.Kafka.Tests.Inbox.Features;

/// <summary>What needs addresses does not start on a topic endpoint, and is told what to do instead.</summary>
public sealed class UnsupportedTests
{
    [Fact]
    public async Task A_saga_with_a_request_stops_the_start() => Assert.Contains("AskingStateMachine on TopicEndpoint(\"orders\", \"shipping\", …) has a Request (Price)", await RefusesAsync(
        x => x.AddSagaStateMachine<AskingStateMachine, AskingSaga>().InMemoryRepository(), (e, context) => e.ConfigureSaga<AskingSaga>(context)), StringComparison.Ordinal);

    [Fact]
    public async Task An_activity_of_a_routing_slip_stops_the_start() => Assert.Contains("PackActivity on TopicEndpoint(\"orders\", \"shipping\", …) is an activity", await RefusesAsync(
        x => x.AddExecuteActivity<PackActivity, OrderPlaced>(), (e, context) => e.ConfigureExecuteActivity(context, typeof(PackActivity))), StringComparison.Ordinal);

    [Fact]
    public async Task A_job_consumer_stops_the_start() => Assert.Contains("PackJob on TopicEndpoint(\"orders\", \"shipping\", …) is a job consumer", await RefusesAsync(
        x => x.AddConsumer<PackJob>(), (e, context) => e.ConfigureConsumer<PackJob>(context)), StringComparison.Ordinal);

    [Fact]
    public async Task A_future_stops_the_start() => Assert.Contains("ShipFuture on TopicEndpoint(\"orders\", \"shipping\", …) is a future", await RefusesAsync(
        x => x.AddFuture<ShipFuture>(), (e, context) => context.ConfigureFuture(typeof(ShipFuture), e)), StringComparison.Ordinal);

    private static async Task<string> RefusesAsync(Action<IBusRegistrationConfigurator> bus, Action<ITopicEndpointConfigurator, IRegistrationContext> endpoint)
    {
        await using var shop = new Shop(partitions: 1);
        return await shop.Refuses(shop.BuildWith(bus, endpoint));
    }
}

public sealed record AskPrice(Guid OrderId);

public sealed record PriceTold(Guid OrderId);

public sealed class AskingSaga : SagaStateMachineInstance
{
    public Guid CorrelationId { get; set; }

    public string CurrentState { get; set; } = "";

    public Guid? PriceRequestId { get; set; }
}

public sealed class AskingStateMachine : MassTransitStateMachine<AskingSaga>
{
    public AskingStateMachine()
    {
        InstanceState(x => x.CurrentState);
        Event(() => Placed, x => x.CorrelateById(_ => NewId.NextGuid()));
        Request(() => Price, x => x.PriceRequestId);
        Initially(When(Placed).Request(Price, x => new AskPrice(x.Saga.CorrelationId)).TransitionTo(Price.Pending));
    }

    public Event<OrderPlaced> Placed { get; private set; } = null!;

    public Request<AskingSaga, AskPrice, PriceTold> Price { get; private set; } = null!;
}

public sealed class ShipFuture : Future<OrderPlaced, PriceTold>
{
    public ShipFuture()
    {
        ConfigureCommand(x => x.CorrelateById(_ => NewId.NextGuid()));
        SendRequest<AskPrice>(x => x.UsingRequestInitializer(_ => new { OrderId = NewId.NextGuid() })).OnResponseReceived<PriceTold>(
            x => x.SetCompletedUsingInitializer(context => new { context.Message.OrderId }));
    }
}

public sealed class PackActivity : IExecuteActivity<OrderPlaced>
{
    public Task<ExecutionResult> Execute(ExecuteContext<OrderPlaced> context) => Task.FromResult(context.Completed());
}

public sealed class PackJob : IJobConsumer<OrderPlaced>
{
    public Task Run(JobContext<OrderPlaced> context) => Task.CompletedTask;
}
