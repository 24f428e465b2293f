using MassTransit;
using MassTransit.Testing;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Time.Testing;
using Outbox.Capture;
using Outbox.Testing.Tests.Harness;

namespace Outbox.Testing.Tests.Capture;

/// <summary>What is set on a publish or send call is kept.</summary>
public sealed class SendContextTests
{
    private readonly FakeTimeProvider _time = new(DateTimeOffset.UnixEpoch.AddYears(60));

    [Fact]
    public async Task A_delay_and_a_time_to_live_are_kept()
    {
        await using var services = await StartAsync(x => x.AddHandler((StockReserved _) => Task.CompletedTask));
        await InTransactionAsync(services, publish => publish.Publish(new StockReserved("o1"), x =>
        {
            x.Delay = TimeSpan.FromHours(1);
            x.TimeToLive = TimeSpan.FromMinutes(5);
        }));
        var harness = services.GetRequiredService<OutboxHarness>();
        var captured = _time.GetUtcNow();
        await harness.Settled();
        Assert.Empty(harness.Messages);

        _time.Advance(TimeSpan.FromMinutes(61));

        var published = await harness.Published<StockReserved>();
        Assert.Equal((captured.AddHours(1), captured.AddMinutes(65)), (published.Envelope.NotBefore, published.Envelope.ExpiresAt));
        var received = (await services.GetTestHarness().Consumed.SelectAsync<StockReserved>().FirstOrDefault())!.Context;
        Assert.Equal(received.SentTime!.Value.AddMinutes(4), received.ExpirationTime!.Value, TimeSpan.FromSeconds(30));
    }

    [Fact]
    public async Task A_delayed_message_is_published_though_the_relay_went_to_rest_while_the_clock_moved()
    {
        var time = new ClockThatMoves(DateTimeOffset.UnixEpoch.AddYears(60));
        await using var services = await StartAsync(time: time);
        var harness = services.GetRequiredService<OutboxHarness>();
        await InTransactionAsync(services, publish => publish.Publish(new StockReserved("first")));
        await harness.Settled();

        await InTransactionAsync(services, async publish =>
        {
            await publish.Publish(new StockReserved("o1"), x => x.Delay = TimeSpan.FromHours(1));

            // Its time is fixed: the relay may still be on its way to the rest after the first one.
            time.MoveBeforeTheNextRest(TimeSpan.FromHours(2));
        });

        await time.Moved.WaitAsync(TimeSpan.FromMinutes(1));
        await harness.Published<StockReserved>(x => x.OrderId == "o1");
    }

    [Fact]
    public async Task A_delayed_message_that_is_due_when_its_transaction_commits_is_published_though_the_clock_stands()
    {
        await using var services = await StartAsync();
        var harness = services.GetRequiredService<OutboxHarness>();
        var (published, mayCommit) = (new TaskCompletionSource(), new TaskCompletionSource());
        var late = InTransactionAsync(services, async publish =>
        {
            await publish.Publish(new StockReserved("o1"), x => x.Delay = TimeSpan.FromHours(1));
            published.SetResult();
            await mayCommit.Task;
        });
        await published.Task;
        _time.Advance(TimeSpan.FromHours(2));
        await InTransactionAsync(services, publish => publish.Publish(new StockReserved("o2")));
        await harness.Published<StockReserved>(x => x.OrderId == "o2");
        mayCommit.SetResult();
        await late;

        await harness.Published<StockReserved>(x => x.OrderId == "o1");
    }

    [Fact]
    public async Task What_lives_no_longer_than_its_delay_allows_is_dropped_after_it_and_not_published()
    {
        await using var services = await StartAsync();
        await InTransactionAsync(services, publish => publish.Publish(new StockReserved("o1"), x => x.TimeToLive = TimeSpan.FromMinutes(1)));
        await services.GetRequiredService<OutboxHarness>().Published<StockReserved>(x => x.OrderId == "o1");
        await InTransactionAsync(services, publish => publish.Publish(new StockReserved("o2"), x =>
        {
            x.Delay = TimeSpan.FromHours(1);
            x.TimeToLive = TimeSpan.FromMinutes(1);
        }));

        _time.Advance(TimeSpan.FromHours(2));
        await InTransactionAsync(services, publish => publish.Publish(new StockReserved("o3")));

        var harness = services.GetRequiredService<OutboxHarness>();
        await harness.Published<StockReserved>(x => x.OrderId == "o3");
        await harness.Settled();
        Assert.Equal(["o1", "o3"], harness.All<StockReserved>().Select(x => x.EntityId));
    }

    [Fact]
    public async Task A_scheduled_message_is_captured_with_its_time()
    {
        await using var services = await StartAsync(x => x.AddDelayedMessageScheduler());
        var due = _time.GetUtcNow().AddDays(1);

        await Assert.ThrowsAsync<InvalidTimeZoneException>(() => ScheduleAsync(services, new StockReserved("undone"), fails: true));
        await ScheduleAsync(services, new StockReserved("o1"), fails: false);

        _time.Advance(TimeSpan.FromDays(2));
        var published = await services.GetRequiredService<OutboxHarness>().Published<StockReserved>();
        Assert.Equal("o1", published.EntityId);
        Assert.Equal(due, published.Envelope.NotBefore!.Value, TimeSpan.FromMinutes(1));
    }

    [Fact]
    public async Task What_a_consumer_schedules_is_part_of_its_transaction()
    {
        await using var services = await StartAsync(x =>
        {
            x.AddConsumer<SchedulingConsumer>();
            x.UsingInMemory((context, bus) =>
            {
                bus.UseDelayedMessageScheduler();
                bus.ConfigureEndpoints(context);
            });
        });

        await services.GetRequiredService<IBus>().Publish(new OrderCancelled("fails"));
        Assert.True(await services.GetTestHarness().Published.Any<Fault<OrderCancelled>>());
        await services.GetRequiredService<IBus>().Publish(new OrderCancelled("o1"));
        Assert.True(await services.GetTestHarness().Consumed.Any<OrderCancelled>(x => x.Context.Message.OrderId == "o1"));

        _time.Advance(TimeSpan.FromDays(2));
        var published = await services.GetRequiredService<OutboxHarness>().Published<StockReserved>();
        Assert.Equal("o1", published.EntityId);
        Assert.True(published.Envelope.NotBefore > _time.GetUtcNow().AddDays(-2));
        Assert.Single(services.GetRequiredService<OutboxHarness>().Messages);
    }

    [Fact]
    public async Task Ids_addresses_and_headers_reach_a_consumer_on_the_bus()
    {
        await using var services = await StartAsync(x => x.AddHandler((ReserveStock _) => Task.CompletedTask));
        var (message, conversation, correlation, initiator, request) = (Guid.NewGuid(), Guid.NewGuid(), Guid.NewGuid(), Guid.NewGuid(), Guid.NewGuid());
        await InTransactionAsync(services, async send =>
        {
            var endpoint = await send.GetSendEndpoint(new Uri("queue:ReserveStock"));
            await endpoint.Send(new ReserveStock("o1", 1), x =>
            {
                (x.MessageId, x.ConversationId, x.CorrelationId, x.InitiatorId, x.RequestId) = (message, conversation, correlation, initiator, request);
                x.ResponseAddress = new Uri("loopback://localhost/answers");
                x.FaultAddress = new Uri("loopback://localhost/faults");
                x.TimeToLive = TimeSpan.FromMinutes(3);
                x.Headers.Set("tenant", "north");
                x.Headers.Set("size", 1.5);
            });
        });

        var received = (await services.GetTestHarness().Consumed.SelectAsync<ReserveStock>().FirstOrDefault())!.Context;

        Assert.Equal((message, conversation, correlation, initiator, request), (received.MessageId, received.ConversationId, received.CorrelationId, received.InitiatorId, received.RequestId));
        Assert.Equal(("/answers", "/faults"), (received.ResponseAddress!.AbsolutePath, received.FaultAddress!.AbsolutePath));
        Assert.Equal(("north", "1.5", "o1"), (received.Headers.Get<string>("tenant"), received.Headers.Get<string>("size"), received.Headers.Get<string>("entityId")));
        Assert.NotNull(received.ExpirationTime);
    }

    private static Task InTransactionAsync(IServiceProvider services, Func<IPublishEndpoint, Task> publish) =>
        InScopeAsync(services, scope => publish(scope.GetRequiredService<IPublishEndpoint>()));

    private static Task InTransactionAsync(IServiceProvider services, Func<ISendEndpointProvider, Task> send) =>
        InScopeAsync(services, scope => send(scope.GetRequiredService<ISendEndpointProvider>()));

    private Task ScheduleAsync(IServiceProvider services, StockReserved message, bool fails) => InScopeAsync(services, async scope =>
    {
        // MassTransit counts the delay by the clock of the machine.
        var due = TimeProvider.System.GetUtcNow().UtcDateTime.AddDays(1);
        await scope.GetRequiredService<IMessageScheduler>().SchedulePublish(due, message);
        if (fails)
        {
            throw new InvalidTimeZoneException();
        }
    });

    private static async Task InScopeAsync(IServiceProvider services, Func<IServiceProvider, Task> work)
    {
        await using var scope = services.CreateAsyncScope();
        await services.GetRequiredService<IOutbox>().ExecuteAsync((_, _) => work(scope.ServiceProvider));
    }

    private async Task<ServiceProvider> StartAsync(Action<IBusRegistrationConfigurator>? bus = null, TimeProvider? time = null)
    {
        var services = new ServiceCollection()
            .AddSingleton(time ?? _time)
            .AddMassTransitTestHarness(x =>
            {
                x.SetTestTimeouts(testInactivityTimeout: TimeSpan.FromSeconds(20));
                x.AddOutbox(o =>
                {
                    o.UseInMemory();
                    o.Topic("stock", t => t.Message<StockReserved>());
                    o.Bus(b => b.Command<ReserveStock>(new Uri("queue:ReserveStock")));
                    o.EntityOf<StockReserved>(m => m.OrderId);
                    o.EntityOf<ReserveStock>(m => m.OrderId);
                });
                bus?.Invoke(x);
            })
            .BuildServiceProvider(true);
        await services.GetTestHarness().Start();
        return services;
    }

    /// <summary>A clock that a test moves in the moment between the relay's last look and its rest.</summary>
    private sealed class ClockThatMoves(DateTimeOffset start) : FakeTimeProvider(start)
    {
        private readonly TaskCompletionSource _moved = new(TaskCreationOptions.RunContinuationsAsynchronously);
        private TimeSpan _by;

        public Task Moved => _moved.Task;

        public void MoveBeforeTheNextRest(TimeSpan by) => _by = by;

        public override ITimer CreateTimer(TimerCallback callback, object? state, TimeSpan dueTime, TimeSpan period)
        {
            if (dueTime == new OutboxOptions().QueryDelay && _by is var by && by > TimeSpan.Zero)
            {
                _by = TimeSpan.Zero;
                Advance(by);
                _moved.SetResult();
            }

            return base.CreateTimer(callback, state, dueTime, period);
        }
    }
}
