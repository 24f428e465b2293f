using MassTransit;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Outbox.Kafka.Tests.Fixture;
using Outbox.Kafka.Tests.Inbox.Sharing;

namespace Outbox.Kafka.Tests.Inbox.Pipeline;

/// <summary>What users put on one consumer: inside of its transaction it would commit what failed attempts did.</summary>
public sealed class ConsumerRetryTests : IAsyncDisposable
{
    private readonly Shop _shop = new(partitions: 1);
    private readonly Runs _runs;

    public ConsumerRetryTests() => _runs = new Runs(_shop.Signal);

    public ValueTask DisposeAsync() => _shop.DisposeAsync();

    [Theory]
    [InlineData("retry")]
    [InlineData("definition")]
    [InlineData("message retry of all consumers")]
    public async Task G1_a_retry_on_a_consumer_has_a_transaction_for_each_attempt(string way)
    {
        _runs.Then = (_, run) => Throw(run < 3);
        var host = Build((e, context) => e.ConfigureConsumer<BillingConsumer>(context, Put(way)), definition: way == "definition");
        await _shop.Produce("o1", new OrderPlaced("o1", 1));

        await host.StartAsync();
        await Signal.Eventually(() => _shop.Committed() == 1, "it was acknowledged");

        Assert.Empty(_shop.Store.Parked);
        Assert.Equal((3, 3), (_runs.Of("billing"), _shop.Store.Transactions));
        Assert.Single(_shop.Store.Outbox);
    }

    [Fact]
    public async Task G1_a_retry_on_a_consumer_of_another_transport_has_a_transaction_for_each_attempt()
    {
        _runs.Then = (_, run) => Throw(run < 3);
        var host = _shop.BuildWith(
            x =>
            {
                x.AddSingleton(_runs);
                x.AddConsumer<BillingConsumer>();
            },
            bus => bus.UsingInMemory((context, factory) => factory.ReceiveEndpoint("placed", e =>
            {
                e.UseInbox(context);
                e.ConfigureConsumer<BillingConsumer>(context, c => c.UseMessageRetry(r => r.Immediate(2)));
            })));
        await host.StartAsync();
        var endpoint = await host.Services.GetRequiredService<IBus>().GetSendEndpoint(new Uri("queue:placed"));
        await endpoint.Send(new OrderPlaced("o1", 1));
        await _shop.Signal.Until(() => _shop.Store.Processed == 1, "it was processed");

        Assert.Equal((3, 3), (_runs.Of("billing"), _shop.Store.Transactions));
        Assert.Single(_shop.Store.Outbox);
    }

    [Fact]
    public async Task G1_a_retry_that_is_inside_of_a_transaction_all_the_same_stops_the_start_and_says_what_to_write()
    {
        var host = Build((e, context) => e.ConfigureConsumer<BillingConsumer>(context, Put("inner retry")));

        var refused = await _shop.Refuses(host);

        Assert.Contains("BillingConsumer on endpoint 'shipping' has a retry", refused, StringComparison.Ordinal);
        Assert.Contains("c.UseMessageRetry(…)", refused, StringComparison.Ordinal);
    }

    [Fact]
    public async Task G1_a_retry_on_a_consumer_of_batches_is_outside_of_the_transaction()
    {
        _runs.Then = (_, run) => Throw(run < 3);
        var host = Build((e, context) => e.ConfigureConsumer<CountingConsumer>(context, c =>
        {
            c.Options<BatchOptions>(b => b.SetMessageLimit(1));
            c.UseMessageRetry(r => r.Immediate(2));
        }));
        await _shop.Produce("o1", new OrderPlaced("o1", 1));

        await host.StartAsync();
        await Signal.Eventually(() => _shop.Committed() == 1, "it was acknowledged");

        Assert.Empty(_shop.Store.Parked);
        Assert.Equal(3, _runs.Of("counting"));
        Assert.Single(_shop.Store.Outbox);
    }

    [Fact]
    public async Task A_retry_on_a_saga_is_outside_of_the_transaction()
    {
        var failures = 2;
        var host = Build((e, context) => e.ConfigureSaga<OrderSaga>(context, s =>
        {
            s.UseMessageRetry(r => r.Immediate(2));
            s.UseExecute(_ => Throw(Interlocked.Decrement(ref failures) >= 0));
        }));
        await _shop.Produce("o1", new OrderPlaced("o1", 1));

        await host.StartAsync();
        await Signal.Eventually(() => _shop.Committed() == 1, "it was acknowledged");

        Assert.Empty(_shop.Store.Parked);
        Assert.Equal(3, _shop.Store.Transactions);
        Assert.Single(_shop.Store.Outbox);
    }

    [Theory]
    [InlineData("in-memory outbox")]
    [InlineData("timeout")]
    [InlineData("concurrency limit")]
    [InlineData("concurrent message limit")]
    public async Task What_else_may_be_on_a_consumer_leaves_its_effects_alone(string what)
    {
        _runs.Then = (_, run) => Throw(run == 1);
        var host = Build((e, context) =>
        {
            e.UseMessageRetry(r => r.Immediate(1));
            e.ConfigureConsumer<BillingConsumer>(context, Put(what));
        });
        await _shop.Produce("o1", new OrderPlaced("o1", 1));

        await host.StartAsync();
        await Signal.Eventually(() => _shop.Committed() == 1, "it was acknowledged");

        Assert.Empty(_shop.Store.Parked);
        Assert.Equal(2, _runs.Of("billing"));
        Assert.Single(_shop.Store.Outbox);
    }

    [Theory]
    [InlineData("in-memory outbox")]
    [InlineData("timeout")]
    [InlineData("concurrency limit")]
    public async Task What_else_may_be_on_an_endpoint_leaves_effects_alone(string what)
    {
        _runs.Then = (_, run) => Throw(run == 1);
        var host = Build((e, context) =>
        {
            e.UseMessageRetry(r => r.Immediate(1));
            Put(what, e, context);
            e.ConfigureConsumer<BillingConsumer>(context);
        });
        await _shop.Produce("o1", new OrderPlaced("o1", 1));

        await host.StartAsync();
        await Signal.Eventually(() => _shop.Committed() == 1, "it was acknowledged");

        Assert.Empty(_shop.Store.Parked);
        Assert.Equal(2, _runs.Of("billing"));
        Assert.Single(_shop.Store.Outbox);
    }

    private static void Put(string what, ITopicEndpointConfigurator e, IRegistrationContext context)
    {
        switch (what)
        {
            case "in-memory outbox":
                e.UseInMemoryOutbox(context);
                break;
            case "timeout":
                e.UseTimeout(t => t.Timeout = TimeSpan.FromMinutes(1));
                break;
            default:
                e.UseConcurrencyLimit(1);
                break;
        }
    }

#pragma warning disable CS0618 // Users have the obsolete ones in old code.
    private static Action<IConsumerConfigurator<BillingConsumer>> Put(string what) => c =>
    {
        switch (what)
        {
            case "retry":
                c.UseMessageRetry(r => r.Immediate(2));
                break;
            case "message retry of all consumers":
                c.Message<OrderPlaced>(m => m.UseRetry(r => r.Immediate(2)));
                break;
            case "inner retry":
                c.UseRetry(r => r.Immediate(2));
                break;
            case "in-memory outbox":
                c.UseInMemoryOutbox();
                break;
            case "timeout":
                c.UseTimeout(t => t.Timeout = TimeSpan.FromMinutes(1));
                break;
            case "concurrency limit":
                c.UseConcurrencyLimit(1);
                break;
            case "concurrent message limit":
                c.ConcurrentMessageLimit = 1;
                break;
        }
    };
#pragma warning restore CS0618

    private static void Throw(bool fails)
    {
        if (fails)
        {
            throw new InvalidOperationException("this one fails");
        }
    }

    private IHost Build(Action<ITopicEndpointConfigurator, IRegistrationContext> endpoint, bool definition = false) => _shop.BuildWith(
        x =>
        {
            x.AddSingleton(_runs);
            x.AddConsumer<CountingConsumer>();
            x.AddSagaStateMachine<OrderStateMachine, OrderSaga>().InMemoryRepository();
            if (definition)
            {
                x.AddConsumer<BillingConsumer, RetryingDefinition>();
            }
            else
            {
                x.AddConsumer<BillingConsumer>();
            }
        },
        endpoint);
}

public sealed class RetryingDefinition : ConsumerDefinition<BillingConsumer>
{
    protected override void ConfigureConsumer(
        IReceiveEndpointConfigurator endpointConfigurator, IConsumerConfigurator<BillingConsumer> consumerConfigurator, IRegistrationContext context) =>
        consumerConfigurator.UseMessageRetry(r => r.Immediate(2));
}
