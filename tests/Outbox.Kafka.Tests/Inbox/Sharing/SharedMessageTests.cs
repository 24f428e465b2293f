using MassTransit;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Outbox.Kafka.Tests.Fixture;
using Outbox.Kafka.Tests.Inbox.Pipeline;

namespace Outbox.Kafka.Tests.Inbox.Sharing;

/// <summary>Several consumers on one endpoint that a message is for.</summary>
public sealed class SharedMessageTests : IAsyncDisposable
{
    private readonly Shop _shop = new(partitions: 1);
    private readonly Runs _runs;

    public SharedMessageTests() => _runs = new Runs(_shop.Signal);

    public static TheoryData<string[], Type[]> Sharing => new()
    {
        { ["audit", "billing"], [typeof(BillingConsumer), typeof(AuditConsumer)] },
        { ["billing", "mailing"], [typeof(BillingConsumer), typeof(MailingConsumer)] },
        { ["event", "placed"], [typeof(TwofoldConsumer)] },
        { ["audit", "billing", "event", "placed"], [typeof(TwofoldConsumer), typeof(AuditConsumer), typeof(BillingConsumer)] },
    };

    public ValueTask DisposeAsync() => _shop.DisposeAsync();

    [Theory]
    [MemberData(nameof(Sharing))]
    public async Task G6_each_of_them_takes_effect_once_also_when_the_message_comes_again(string[] expected, Type[] consumers)
    {
        var host = Build((e, context) => Array.ForEach(consumers, consumer => e.ConfigureConsumer(context, consumer)), consumers);
        await ProduceAsync("m1", "m1", "m2");

        await host.StartAsync();
        await Signal.Eventually(() => _shop.Committed() == 3, "all were acknowledged");

        Assert.Empty(_shop.Store.Parked);
        Assert.Equal(expected.SelectMany(consumer => new[] { consumer, consumer }), Effects());
        Assert.Equal(Effects(), _runs.All);
    }

    [Fact]
    public async Task G6_a_saga_and_a_consumer_of_one_message_take_effect_once_each()
    {
        var host = Build((e, context) =>
        {
            e.ConfigureSaga<OrderSaga>(context);
            e.ConfigureConsumer<BillingConsumer>(context);
        });
        await ProduceAsync("m1", "m1");

        await host.StartAsync();
        await Signal.Eventually(() => _shop.Committed() == 2, "all were acknowledged");

        Assert.Empty(_shop.Store.Parked);
        Assert.Equal(["billing", "o1"], Effects());
    }

    [Fact]
    public async Task G6_a_batch_and_a_consumer_of_single_messages_take_effect_once_each()
    {
        var host = Build((e, context) =>
        {
            e.ConfigureConsumer<CountingConsumer>(context, c => c.Options<BatchOptions>(b => b.SetMessageLimit(2).SetTimeLimit(TimeSpan.FromMilliseconds(200))));
            e.ConfigureConsumer<BillingConsumer>(context);
        });
        await ProduceAsync("m1", "m1", "m2");

        await host.StartAsync();
        await Signal.Eventually(() => _shop.Committed() == 3, "all were acknowledged");

        Assert.Empty(_shop.Store.Parked);
        Assert.Equal(2, Effects().Count(effect => effect == "billing"));
    }

    [Theory]
    [InlineData("billing")]
    [InlineData("audit")]
    public async Task G6_a_retry_runs_only_the_one_that_failed(string failing)
    {
        _runs.Then = (consumer, run) => Throw(consumer == failing && run < 3);
        var host = Build((e, context) =>
        {
            e.UseMessageRetry(r => r.Immediate(2));
            e.ConfigureConsumer<BillingConsumer>(context);
            e.ConfigureConsumer<AuditConsumer>(context);
        });
        await ProduceAsync("m1");

        await host.StartAsync();
        await Signal.Eventually(() => _shop.Committed() == 1, "it was acknowledged");

        Assert.Empty(_shop.Store.Parked);
        Assert.Equal(["audit", "billing"], Effects());
        Assert.Equal((3, 1), (_runs.Of(failing), _runs.Of(failing == "audit" ? "billing" : "audit")));
    }

    [Fact]
    public async Task A_message_is_parked_for_the_one_that_failed_and_the_others_keep_their_effects()
    {
        _runs.Then = (consumer, _) => Throw(consumer == "mailing");
        var host = Build((e, context) =>
        {
            e.UseMessageRetry(r => r.Immediate(1));
            e.ConfigureConsumer<MailingConsumer>(context);
            e.ConfigureConsumer<BillingConsumer>(context);
            e.ConfigureConsumer<AuditConsumer>(context);
        });
        await ProduceAsync("m1");

        await host.StartAsync();
        await _shop.Signal.Until(() => _shop.Store.Parked.Count == 1, "it was parked");

        Assert.Equal(["audit", "billing"], Effects());
        Assert.Equal((1, 1, 2), (_runs.Of("audit"), _runs.Of("billing"), _runs.Of("mailing")));
        Assert.Equal(2, _shop.Store.Parked[0].Attempts);
    }

    [Fact]
    public async Task G8_a_batch_that_fails_is_not_passed_over_because_another_consumer_has_its_messages()
    {
        _runs.Then = (consumer, _) => Throw(consumer == "counting");
        var host = Build((e, context) =>
        {
            e.ConfigureConsumer<CountingConsumer>(context, c => c.Options<BatchOptions>(b => b.SetMessageLimit(1)));
            e.ConfigureConsumer<BillingConsumer>(context);
        });
        await ProduceAsync("m1");

        await host.StartAsync();
        await Signal.Eventually(() => _shop.Committed() == 1, "it was acknowledged");

        Assert.Equal(["billing"], Effects());
        Assert.Single(_shop.Store.Parked);
    }

    [Fact]
    public async Task G6_each_of_them_takes_effect_once_without_transactions_too()
    {
        var host = Build((e, context) =>
        {
            e.Inbox(x => x.Transactional = false);
            e.ConfigureConsumer<QuietConsumer>(context);
            e.ConfigureConsumer<QuietAuditConsumer>(context);
        }, typeof(QuietConsumer), typeof(QuietAuditConsumer));
        await ProduceAsync("m1", "m1");

        await host.StartAsync();
        await Signal.Eventually(() => _shop.Committed() == 2, "all were acknowledged");

        Assert.Empty(_shop.Store.Parked);
        Assert.Equal(2, _shop.Probe.Placed.Count);
    }

    [Fact]
    public async Task A_consumer_that_is_configured_twice_stops_the_start()
    {
        var host = Build((e, context) =>
        {
            e.ConfigureConsumer<BillingConsumer>(context);
            e.ConfigureConsumer<BillingConsumer>(context);
        });

        Assert.Contains("BillingConsumer is configured twice", await _shop.Refuses(host), StringComparison.Ordinal);
    }

    private static void Throw(bool fails)
    {
        if (fails)
        {
            throw new InvalidOperationException("this one fails");
        }
    }

    private IHost Build(Action<ITopicEndpointConfigurator, IRegistrationContext> endpoint, params Type[] more) => _shop.BuildWith(
        x =>
        {
            x.AddSingleton(_runs);
            x.AddConsumer<AuditConsumer>();
            x.AddConsumer<BillingConsumer>();
            x.AddConsumer<MailingConsumer>();
            x.AddConsumer<CountingConsumer>();
            Array.ForEach(more, type => x.AddConsumer(type));
            x.AddSagaStateMachine<OrderStateMachine, OrderSaga>().InMemoryRepository();
        },
        endpoint);

    private async Task ProduceAsync(params string[] ids)
    {
        foreach (var id in ids)
        {
            await _shop.Produce("o1", new OrderPlaced("o1", 1), messageId: id);
        }
    }

    private IEnumerable<string> Effects() => _shop.Store.Outbox.Select(message => message.EntityId).Order(StringComparer.Ordinal);
}

public sealed class QuietConsumer(Probe probe) : IConsumer<OrderPlaced>
{
    public Task Consume(ConsumeContext<OrderPlaced> context)
    {
        probe.Placed.Enqueue(context.Message);
        return Task.CompletedTask;
    }
}

public sealed class QuietAuditConsumer(Probe probe) : IConsumer<IOrderEvent>
{
    public Task Consume(ConsumeContext<IOrderEvent> context)
    {
        probe.Placed.Enqueue(new OrderPlaced(context.Message.OrderId, 0));
        return Task.CompletedTask;
    }
}
