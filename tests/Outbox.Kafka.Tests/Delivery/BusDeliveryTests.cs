using System.Collections.Concurrent;
using MassTransit;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Outbox.Capture;
using Outbox.Delivery.Leases;
using Outbox.Delivery.Publishing;
using Outbox.Kafka.Tests.Fixture;
using Outbox.Messages;

namespace Outbox.Kafka.Tests.Delivery;

public sealed class BusDeliveryTests
{
    private readonly ConcurrentQueue<string> _delivered = new();
    private readonly Guard _guard = new();

    [Fact]
    public async Task What_is_registered_on_the_bus_is_captured_and_delivered_through_it()
    {
        var signal = new Signal();
        var store = new MemoryStore(signal);
        var heard = new ConcurrentQueue<ConsumeContext>();
        using var host = Build(store, signal, heard);
        await host.StartAsync(TestContext.Current.CancellationToken);
        await host.Services.GetRequiredService<IOutbox>().ExecuteAsync(async (tx, ct) =>
        {
            await using var scope = host.Services.CreateAsyncScope();
            await scope.ServiceProvider.GetRequiredService<IPublishEndpoint>().Publish(new ShipmentCreated("o1"), ct);
            tx.Send(new ReserveStock("o1"), "o1", 2);
        });
        Assert.Empty(heard);

        var results = await PublishAsync(host, store.Outbox);
        await signal.Until(() => heard.Count == 2, "both were consumed");

        Assert.All(results, result => Assert.Equal(PublishStatus.Published, result.Status));
        Assert.Equal([BusTopics.Events, BusTopics.Commands], store.Outbox.Select(message => message.Topic));
        Assert.Equal(store.Outbox.Select(message => message.MessageId).Order(), heard.Select(context => context.MessageId.ToString()!).Order());
        var command = heard.Single(context => context.TryGetMessage<ReserveStock>(out _));
        Assert.Equal(("o1", 2L), (command.Stamp().EntityId, command.Stamp().Version));
        Assert.Equal(store.Outbox[1].Headers["correlationId"], command.ConversationId.ToString());
        await host.StopAsync(TestContext.Current.CancellationToken);
    }

    [Fact]
    public async Task G4_an_entity_that_changes_between_Kafka_and_the_bus_waits_for_the_next_batch()
    {
        var signal = new Signal();
        using var host = Build(new MemoryStore(signal), signal, []);
        await host.StartAsync(TestContext.Current.CancellationToken);

        var results = await PublishAsync(host,
        [
            Message("e1", 1, "orders", "order-placed"), Message("e1", 2, BusTopics.Events, "shipment-created"), Message("e1", 3, "orders", "order-placed"),
            Message("e2", 1, BusTopics.Events, "shipment-created"), Message("e3", 1, "orders", "order-placed"),
        ]);

        Assert.Equal(
            [PublishStatus.Published, PublishStatus.Held, PublishStatus.Held, PublishStatus.Published, PublishStatus.Published],
            results.Select(result => result.Status));
        Assert.Equal(["e1 v1", "e3 v1"], _delivered);
        await host.StopAsync(TestContext.Current.CancellationToken);
    }

    [Fact]
    public async Task G4_nothing_is_given_to_the_bus_once_too_little_of_the_lease_is_left()
    {
        var signal = new Signal();
        var heard = new ConcurrentQueue<ConsumeContext>();
        using var host = Build(new MemoryStore(signal), signal, heard);
        await host.StartAsync(TestContext.Current.CancellationToken);
        _guard.Open = false;

        var results = await PublishAsync(host, [Message("e1", 1, BusTopics.Events, "shipment-created")]);

        Assert.Equal(PublishStatus.Unavailable, results[0].Status);
        await host.StopAsync(TestContext.Current.CancellationToken);
        Assert.Empty(heard);
    }

    [Theory]
    [InlineData("unknown-type", "{}", PublishStatus.NotKnown, "is not registered where the relay runs")]
    [InlineData("shipment-created", "[]", PublishStatus.Refused, "JSON")]
    [InlineData("shipment-created", null, PublishStatus.Refused, "tombstone")]
    public async Task G8_what_the_bus_can_never_take_is_refused_and_says_why(string type, string? payload, PublishStatus status, string reason)
    {
        var signal = new Signal();
        using var host = Build(new MemoryStore(signal), signal, []);
        await host.StartAsync(TestContext.Current.CancellationToken);

        var results = await PublishAsync(host, [Message("e1", 1, BusTopics.Events, type) with { Payload = payload }]);

        Assert.Equal(status, results[0].Status);
        Assert.Contains(reason, results[0].Error, StringComparison.Ordinal);
        await host.StopAsync(TestContext.Current.CancellationToken);
    }

    [Fact]
    public async Task A_schema_version_that_only_a_newer_instance_knows_is_left_to_it()
    {
        var signal = new Signal();
        using var host = Build(new MemoryStore(signal), signal, []);
        await host.StartAsync(TestContext.Current.CancellationToken);

        var results = await PublishAsync(host, [Message("e1", 1, BusTopics.Events, "shipment-created") with { SchemaVersion = 9 }]);

        Assert.Equal(PublishStatus.NotKnown, results[0].Status);
        await host.StopAsync(TestContext.Current.CancellationToken);
    }

    private static Task<IReadOnlyList<PublishResult>> PublishAsync(IHost host, IReadOnlyList<OutboxMessage> messages) =>
        host.Services.GetRequiredService<IMessagePublisher>().PublishAsync(messages, Signal.Patience, TestContext.Current.CancellationToken);

    private static OutboxMessage Message(string entity, long version, string topic, string type) => new()
    {
        MessageId = Guid.CreateVersion7().ToString(),
        Lane = 0,
        Topic = topic,
        EntityType = "any",
        EntityId = entity,
        Version = version,
        Ordinal = 0,
        Intent = MessageIntent.Event,
        Type = type,
        Payload = """{"orderId":"o1"}""",
        Timestamp = DateTimeOffset.UnixEpoch,
    };

    private IHost Build(MemoryStore store, Signal signal, ConcurrentQueue<ConsumeContext> heard)
    {
        var builder = Host.CreateApplicationBuilder(new HostApplicationBuilderSettings { DisableDefaults = true });
        builder.Logging.ClearProviders();
        builder.Services.AddSingleton(store).AddSingleton<MemoryInbox>();
        builder.Services.AddSingleton<IOutbox>(provider => provider.GetRequiredService<MemoryInbox>());
        builder.Services.AddSingleton<IMessagePublisher>(new KafkaDouble(_delivered));
        builder.Services.AddSingleton<ILaneGuard>(_guard);
        builder.Services.Configure<MassTransitHostOptions>(options => options.WaitUntilStarted = true);
        builder.Services.AddMassTransit(x =>
        {
            x.AddOutbox(o =>
            {
                o.Topic("orders", t => t.Message<OrderPlaced>());
                o.Bus(b =>
                {
                    b.Message<ShipmentCreated>();
                    b.Command<ReserveStock>(new Uri("queue:stock"));
                });
                o.EntityOf<ShipmentCreated>(message => message.OrderId);
            });
            x.UsingInMemory((_, bus) =>
            {
                Task Hear<T>(ConsumeContext<T> context)
                    where T : class
                {
                    heard.Enqueue(context);
                    signal.Raise();
                    return Task.CompletedTask;
                }

                bus.ReceiveEndpoint("stock", e => e.Handler<ReserveStock>(Hear));
                bus.ReceiveEndpoint("shipping", e => e.Handler<ShipmentCreated>(Hear));
            });
        });
        Shop.RemoveRelay(builder.Services);
        return builder.Build();
    }

    private sealed class Guard : ILaneGuard
    {
        public bool Open { get; set; } = true;

        public bool MaySend(int lane) => Open;

        public IReadOnlySet<int> Lanes => new HashSet<int>();

        public DateTimeOffset Now => DateTimeOffset.UtcNow;

        public long Takeovers => 1;

        public Task<bool> OwnsAsync(int lane, CancellationToken cancellationToken) => Task.FromResult(Open);
    }

    private sealed class KafkaDouble(ConcurrentQueue<string> delivered) : IMessagePublisher
    {
        public Task<IReadOnlyList<PublishResult>> PublishAsync(IReadOnlyList<OutboxMessage> messages, TimeSpan deadline, CancellationToken cancellationToken)
        {
            foreach (var message in messages)
            {
                delivered.Enqueue($"{message.EntityId} v{message.Version}");
            }

            return Task.FromResult<IReadOnlyList<PublishResult>>([.. messages.Select(_ => PublishResult.Published)]);
        }
    }
}
