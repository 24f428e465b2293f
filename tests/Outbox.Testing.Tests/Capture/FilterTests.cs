using System.Collections.Concurrent;
using MassTransit;
using MassTransit.Testing;
using Microsoft.Extensions.DependencyInjection;
using Outbox.Capture;
using Outbox.Testing.Tests.Harness;

namespace Outbox.Testing.Tests.Capture;

/// <summary>Captured messages pass the bus's filters and observers as all others do: once, in the caller's scope.</summary>
public sealed class FilterTests
{
    private readonly ConcurrentQueue<string> _seen = new();

    public static TheoryData<string> Ways => ["publish", "publish object", "publish anonymous", "send", "send object", "send anonymous", "consumer publish", "consumer send"];

    [Theory]
    [MemberData(nameof(Ways))]
    public async Task A_captured_message_passes_filters_and_observers_once_in_the_callers_scope(string way)
    {
        await using var services = await StartAsync();
        if (way.StartsWith("consumer", StringComparison.Ordinal))
        {
            await services.GetRequiredService<IOutbox>().ExecuteAsync((tx, _) =>
            {
                tx.Publish(new OrderPlaced(way, 1), "o1");
                return Task.CompletedTask;
            });
        }
        else
        {
            await using var scope = services.CreateAsyncScope();
            scope.ServiceProvider.GetRequiredService<Tenant>().Name = "north";
            await services.GetRequiredService<IOutbox>().ExecuteAsync((_, _) => CallAsync(scope.ServiceProvider, way));
        }

        var published = await services.GetRequiredService<OutboxHarness>().Published<StockReserved>();
        await services.GetRequiredService<OutboxHarness>().Settled();
        Assert.True(await services.GetTestHarness().Consumed.Any<StockReserved>());

        Assert.Equal("north", published.Envelope.Headers["tenant"]);
        Assert.Equal("yes", published.Envelope.Headers["untyped"]);
        Assert.Equal("o1", published.EntityId);
        Assert.Equal(
            new[] { $"{Kind(way)} filter", $"{Kind(way)} untyped", $"Post{Kind(way)} {published.Envelope.MessageId}", $"Pre{Kind(way)} {published.Envelope.MessageId}" }.Order(StringComparer.Ordinal),
            _seen.Order(StringComparer.Ordinal));
    }

    [Fact]
    public async Task A_filter_that_refuses_a_message_fails_the_callers_transaction()
    {
        await using var services = await StartAsync();
        await using var scope = services.CreateAsyncScope();
        scope.ServiceProvider.GetRequiredService<Tenant>().Name = "";

        await Assert.ThrowsAsync<InvalidTimeZoneException>(() => services.GetRequiredService<IOutbox>().ExecuteAsync((_, _) => CallAsync(scope.ServiceProvider, "publish")));

        await services.GetRequiredService<OutboxHarness>().Settled();
        Assert.Empty(services.GetRequiredService<OutboxHarness>().Messages);
    }

    [Fact]
    public async Task Ids_that_a_filter_or_an_observer_saw_are_those_of_the_message_at_its_consumer()
    {
        await using var services = await StartAsync();
        await using var scope = services.CreateAsyncScope();
        scope.ServiceProvider.GetRequiredService<Tenant>().Name = "north";

        await services.GetRequiredService<IOutbox>().ExecuteAsync((_, _) => CallAsync(scope.ServiceProvider, "publish"));

        var consumed = await services.GetTestHarness().Consumed.SelectAsync<StockReserved>().FirstOrDefault();
        Assert.Contains($"PrePublish {consumed!.Context.MessageId}", _seen);
        Assert.Equal("north", consumed.Context.Headers.Get<string>("tenant"));
    }

    private static string Kind(string way) => way.Contains("send", StringComparison.Ordinal) ? "Send" : "Publish";

    private static async Task CallAsync(IServiceProvider services, string way)
    {
        var (message, publish) = (new StockReserved("o1"), services.GetRequiredService<IPublishEndpoint>());
        var send = await services.GetRequiredService<ISendEndpointProvider>().GetSendEndpoint(new Uri("topic:stock"));
        await (way switch
        {
            "publish" => publish.Publish(message),
            "publish object" => publish.Publish((object)message),
            "publish anonymous" => publish.Publish<StockReserved>(new { OrderId = "o1" }),
            "send" => send.Send(message),
            "send object" => send.Send((object)message),
            _ => send.Send<StockReserved>(new { OrderId = "o1" }),
        });
    }

    private async Task<ServiceProvider> StartAsync()
    {
        var services = new ServiceCollection()
            .AddScoped<Tenant>()
            .AddSingleton(_seen)
            .AddMassTransitTestHarness(x =>
            {
                x.SetTestTimeouts(testInactivityTimeout: TimeSpan.FromSeconds(20));
                x.AddOutbox(o =>
                {
                    o.UseInMemory();
                    o.Topic("stock", t => t.Message<StockReserved>());
                    o.Topic("orders", t => t.Message<OrderPlaced>());
                    o.EntityOf<StockReserved>(m => m.OrderId);
                });
                x.AddConsumer<Forwarding>();
                x.AddHandler((StockReserved _) => Task.CompletedTask);
                x.AddPublishObserver(provider => new Watching(provider.GetRequiredService<ConcurrentQueue<string>>()));
                x.AddSendObserver(provider => new Watching(provider.GetRequiredService<ConcurrentQueue<string>>()));
                x.UsingInMemory((context, bus) =>
                {
                    bus.UsePublishFilter(typeof(TenantPublishFilter<>), context, filters => filters.Include<StockReserved>());
                    bus.UseSendFilter(typeof(TenantSendFilter<>), context, filters => filters.Include<StockReserved>());
                    bus.ConfigurePublish(p => p.UseExecute(c => Untyped(c, "Publish")));
                    bus.ConfigureSend(p => p.UseExecute(c => Untyped(c, "Send")));
                    bus.ConfigureEndpoints(context);
                });
            })
            .BuildServiceProvider(true);
        await services.GetTestHarness().Start();
        return services;
    }

    private void Untyped(SendContext context, string kind)
    {
        if (context is SendContext<StockReserved> or PublishContext<StockReserved> || context.TryGetPayload<SendContext<StockReserved>>(out _))
        {
            context.Headers.Set("untyped", "yes");
            _seen.Enqueue($"{kind} untyped");
        }
    }

    public sealed class Tenant
    {
        public string? Name { get; set; }
    }

    /// <summary>Its scope is the one of the message.</summary>
    private sealed class Forwarding(Tenant tenant) : IConsumer<OrderPlaced>
    {
        public async Task Consume(ConsumeContext<OrderPlaced> context)
        {
            tenant.Name = "north";
            await (context.Message.OrderId == "consumer publish"
                ? context.Publish(new StockReserved("o1"))
                : context.Send(new Uri("topic:stock"), new StockReserved("o1")));
        }
    }

    private sealed class TenantPublishFilter<T>(Tenant tenant, ConcurrentQueue<string> seen) : IFilter<PublishContext<T>>
        where T : class
    {
        public Task Send(PublishContext<T> context, IPipe<PublishContext<T>> next)
        {
            Stamp(context, tenant, seen, "Publish");
            return next.Send(context);
        }

        public void Probe(ProbeContext context)
        {
        }
    }

    private sealed class TenantSendFilter<T>(Tenant tenant, ConcurrentQueue<string> seen) : IFilter<SendContext<T>>
        where T : class
    {
        public Task Send(SendContext<T> context, IPipe<SendContext<T>> next)
        {
            Stamp(context, tenant, seen, "Send");
            return next.Send(context);
        }

        public void Probe(ProbeContext context)
        {
        }
    }

    private static void Stamp(SendContext context, Tenant tenant, ConcurrentQueue<string> seen, string kind)
    {
        context.Headers.Set("tenant", tenant.Name is { Length: > 0 } name ? name : throw new InvalidTimeZoneException());
        seen.Enqueue($"{kind} filter");
    }

    private sealed class Watching(ConcurrentQueue<string> seen) : IPublishObserver, ISendObserver
    {
        public Task PrePublish<T>(PublishContext<T> context)
            where T : class => See<T>($"PrePublish {context.MessageId}");

        public Task PostPublish<T>(PublishContext<T> context)
            where T : class => See<T>($"PostPublish {context.MessageId}");

        public Task PublishFault<T>(PublishContext<T> context, Exception exception)
            where T : class => Task.CompletedTask;

        public Task PreSend<T>(SendContext<T> context)
            where T : class => See<T>($"PreSend {context.MessageId}");

        public Task PostSend<T>(SendContext<T> context)
            where T : class => See<T>($"PostSend {context.MessageId}");

        public Task SendFault<T>(SendContext<T> context, Exception exception)
            where T : class => Task.CompletedTask;

        private Task See<T>(string what)
        {
            if (typeof(T) != typeof(OrderPlaced))
            {
                seen.Enqueue(what);
            }

            return Task.CompletedTask;
        }
    }
}
