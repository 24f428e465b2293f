using System.Net.Mime;
using System.Text;
using Confluent.Kafka;
using MassTransit;
using Outbox.Kafka.Tests.Fixture;
using Outbox.Versioning;

namespace Outbox.Kafka.Tests.Inbox.Pipeline;

/// <summary>A message's contexts outside of the inbox are those that filters of MassTransit's users know from its own transports.</summary>
public sealed class ContextTests
{
    [Fact]
    public async Task A_filter_finds_adds_and_changes_payloads()
    {
        var found = new TaskCompletionSource<(bool Before, Mark Added, Mark Again, Mark Changed, bool After, TopicPartitionOffset Position, MessageStamp Stamp)>();
        await using var shop = new Shop(partitions: 1);

        await RunAsync(shop, context =>
        {
            var before = context.HasPayloadType(typeof(Mark));
            var added = context.GetOrAddPayload(() => new Mark(1));
            var again = context.ReceiveContext.GetOrAddPayload(() => new Mark(10));
            context.AddOrUpdatePayload(() => new Mark(10), mark => new Mark(mark.Number + 1));
            Assert.True(context.TryGetPayload<Mark>(out var changed));
            Assert.True(context.TryGetPayload<TopicPartitionOffset>(out var position));
            // One that the endpoint brought.
            context.AddOrUpdatePayload<MessageStamp>(() => throw new InvalidOperationException("It is there."), stamp => stamp with { Version = 7 });
            found.SetResult((before, added, again, changed, context.ReceiveContext.HasPayloadType(typeof(Mark)), position, context.Stamp()));
        });

        var payloads = await found.Task.WaitAsync(Signal.Patience);
        Assert.Equal((false, new Mark(1), new Mark(1), new Mark(2), true), (payloads.Before, payloads.Added, payloads.Again, payloads.Changed, payloads.After));
        Assert.Equal(new TopicPartitionOffset("orders", 0, 0), payloads.Position);
        Assert.Equal(7, payloads.Stamp.Version);
    }

    [Theory]
    [InlineData("Content-Type", "application/json; charset=utf-8", "application/json")]
    [InlineData("ContentType", "application/json", "application/json")]
    [InlineData("Content-Type", "nonsense", null)]
    [InlineData("Content-Type", "", null)]
    [InlineData("other", "application/json", null)]
    public async Task The_content_type_is_its_header(string name, string header, string? expected)
    {
        var found = new TaskCompletionSource<ContentType?>();
        await using var shop = new Shop(partitions: 1);
        var message = Shop.Envelope("o1", new OrderPlaced("o1", 1));
        message.Headers.Add(name, Encoding.UTF8.GetBytes(header));

        await RunAsync(shop, context => found.SetResult(context.ReceiveContext.ContentType), message);

        Assert.Equal(expected, (await found.Task.WaitAsync(Signal.Patience))?.MediaType);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task A_message_has_not_ended_before_a_task_that_a_filter_adds_has(bool toReceiving)
    {
        var task = new TaskCompletionSource();
        var ended = new Ended(task.Task);
        await using var shop = new Shop(partitions: 1);
        var host = Build(shop, context => Add(context, task.Task), ended);
        await shop.Produce("o1", new OrderPlaced("o1", 1));

        await host.StartAsync();
        await shop.Signal.Until(() => shop.Store.Processed == 1, "it was processed");
        // Long enough for whoever does not wait.
        await Task.Delay(200);
        task.SetResult();
        await Signal.Eventually(() => shop.Committed() == 1, "it was acknowledged");

        Assert.True(ended.After, "It ended before the task.");

        void Add(ConsumeContext context, Task added)
        {
            if (toReceiving)
            {
                context.ReceiveContext.AddReceiveTask(added);
            }
            else
            {
                context.AddConsumeTask(added);
            }
        }
    }

    [Fact]
    public async Task A_payload_of_the_endpoints_that_consumers_change_at_once_has_each_change()
    {
        const int Changes = 10_000;
        var changed = new TaskCompletionSource<long>();
        await using var shop = new Shop(partitions: 1);

        await RunAsync(shop, context =>
        {
            Parallel.For(0, Changes, _ => context.AddOrUpdatePayload<MessageStamp>(() => throw new InvalidOperationException("It is there."), stamp => stamp with { Version = stamp.Version + 1 }));
            changed.SetResult(context.Stamp().Version);
        });

        Assert.Equal(1 + Changes, await changed.Task.WaitAsync(Signal.Patience));
    }

    [Fact]
    public async Task A_message_is_there_as_what_it_is_and_as_nothing_else()
    {
        var found = new TaskCompletionSource<(bool Own, bool Object, bool Other, bool HasOwn, bool HasOther)>();
        await using var shop = new Shop(partitions: 1);

        await RunAsync(shop, context =>
        {
            context.TryGetMessage<OrderPlaced>(out var own);
            context.TryGetMessage<object>(out var any);
            found.SetResult((ReferenceEquals(own?.Message, context.Message), ReferenceEquals(any?.Message, context.Message), context.TryGetMessage<OrderCancelled>(out _),
                context.HasMessageType(typeof(OrderPlaced)), context.HasMessageType(typeof(OrderCancelled))));
        });

        Assert.Equal((true, true, false, true, false), await found.Task.WaitAsync(Signal.Patience));
    }

    [Fact]
    public async Task What_was_consumed_is_delivered()
    {
        var context = new TaskCompletionSource<ReceiveContext>();
        await using var shop = new Shop(partitions: 1);

        await RunAsync(shop, consumed => context.SetResult(consumed.ReceiveContext));

        var received = await context.Task.WaitAsync(Signal.Patience);
        Assert.Equal((true, false, false), (received.IsDelivered, received.IsFaulted, received.Redelivered));
    }

    [Fact]
    public async Task What_failed_is_faulted_and_says_whose_fault_it_was()
    {
        var context = new TaskCompletionSource<ReceiveContext>();
        await using var shop = new Shop(partitions: 1);
        shop.Probe.OnPlaced = _ => throw new InvalidOperationException("no such address");
        var host = Build(shop, consumed => context.TrySetResult(consumed.ReceiveContext));
        await shop.Produce("o1", new OrderPlaced("o1", 1));

        await host.StartAsync();
        await shop.Signal.Until(() => shop.Store.Parked.Count == 1, "it was parked");

        var received = await context.Task.WaitAsync(Signal.Patience);
        Assert.Equal((false, true), (received.IsDelivered, received.IsFaulted));
        Assert.True(received.TryGetPayload<ConsumerFaultContext>(out var fault));
        Assert.Equal("Outbox.Kafka.Tests.Fixture.PlacedConsumer", fault.ConsumerType);
    }

    private static async Task RunAsync(Shop shop, Action<ConsumeContext<OrderPlaced>> look, Message<string, byte[]?>? message = null)
    {
        var host = Build(shop, look);
        await shop.Produce(message ?? Shop.Envelope("o1", new OrderPlaced("o1", 1)));

        await host.StartAsync();
        await Signal.Eventually(() => shop.Committed() == 1, "it was acknowledged");
    }

    private static Microsoft.Extensions.Hosting.IHost Build(Shop shop, Action<ConsumeContext<OrderPlaced>> look, Ended? observer = null) => shop.BuildWith(
        x =>
        {
            if (observer is not null)
            {
                x.AddReceiveObserver(_ => observer);
            }
        },
        (e, context) => e.ConfigureConsumer<PlacedConsumer>(context, c => c.Message<OrderPlaced>(m => m.UseExecute(look))));

    private sealed record Mark(int Number);

    /// <summary>Notes whether the message ended after a task.</summary>
    private sealed class Ended(Task task) : IReceiveObserver
    {
        public bool After { get; private set; }

        public Task PreReceive(ReceiveContext context) => Task.CompletedTask;

        public Task PostReceive(ReceiveContext context)
        {
            After = task.IsCompleted;
            return Task.CompletedTask;
        }

        public Task PostConsume<T>(ConsumeContext<T> context, TimeSpan duration, string consumerType)
            where T : class => Task.CompletedTask;

        public Task ConsumeFault<T>(ConsumeContext<T> context, TimeSpan duration, string consumerType, Exception exception)
            where T : class => Task.CompletedTask;

        public Task ReceiveFault(ReceiveContext context, Exception exception) => Task.CompletedTask;
    }
}
