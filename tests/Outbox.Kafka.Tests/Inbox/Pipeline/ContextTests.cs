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

        var payloads = await found.Task;
        Assert.Equal((false, new Mark(1), new Mark(1), new Mark(2), true), (payloads.Before, payloads.Added, payloads.Again, payloads.Changed, payloads.After));
        Assert.Equal(new TopicPartitionOffset("orders", 0, 0), payloads.Position);
        Assert.Equal(7, payloads.Stamp.Version);
    }

    [Theory]
    [InlineData("application/json; charset=utf-8", "application/json")]
    [InlineData("nonsense", null)]
    [InlineData(null, null)]
    public async Task The_content_type_is_its_header(string? header, string? expected)
    {
        var found = new TaskCompletionSource<ContentType?>();
        await using var shop = new Shop(partitions: 1);
        var message = Shop.Envelope("o1", new OrderPlaced("o1", 1));
        if (header is not null)
        {
            message.Headers.Add("Content-Type", Encoding.UTF8.GetBytes(header));
        }

        await RunAsync(shop, context => found.SetResult(context.ReceiveContext.ContentType), message);

        Assert.Equal(expected, (await found.Task)?.MediaType);
    }

    [Fact]
    public async Task A_message_has_not_ended_before_the_tasks_that_a_filter_adds_have()
    {
        var seen = new Seen();
        await using var shop = new Shop(partitions: 1);

        await RunAsync(shop, context =>
        {
            context.AddConsumeTask(LaterAsync("consume task"));
            context.ReceiveContext.AddReceiveTask(LaterAsync("receive task"));
        }, observer: new Ended(seen));
        await Signal.Eventually(() => seen.Lines.Contains("ended"), "the message ended");

        Assert.Equal("ended", seen.Lines.Last());
        Assert.Equal(["consume task", "ended", "receive task"], seen.Lines.Order());

        async Task LaterAsync(string what)
        {
            await Task.Delay(100);
            seen.Lines.Enqueue(what);
        }
    }

    [Fact]
    public async Task What_was_consumed_is_delivered_and_took_time()
    {
        var context = new TaskCompletionSource<ReceiveContext>();
        await using var shop = new Shop(partitions: 1);

        await RunAsync(shop, consumed => context.SetResult(consumed.ReceiveContext));

        var received = await context.Task;
        Assert.Equal((true, false, false), (received.IsDelivered, received.IsFaulted, received.Redelivered));
        Assert.True(received.ElapsedTime > TimeSpan.Zero, "It took no time.");
    }

    [Fact]
    public async Task What_failed_is_faulted_and_says_whose_fault_it_was()
    {
        var context = new TaskCompletionSource<ReceiveContext>();
        await using var shop = new Shop(partitions: 1);
        shop.Probe.OnPlaced = _ => throw new InvalidOperationException("no such address");
        var host = Build(shop, consumed => context.TrySetResult(consumed.ReceiveContext), null);
        await shop.Produce("o1", new OrderPlaced("o1", 1));

        await host.StartAsync();
        await shop.Signal.Until(() => shop.Store.Parked.Count == 1, "it was parked");

        var received = await context.Task;
        Assert.Equal((false, true), (received.IsDelivered, received.IsFaulted));
        Assert.True(received.TryGetPayload<ConsumerFaultContext>(out var fault));
        Assert.Equal("Outbox.Kafka.Tests.Fixture.PlacedConsumer", fault.ConsumerType);
    }

    private static async Task RunAsync(Shop shop, Action<ConsumeContext<OrderPlaced>> look, Message<string, byte[]?>? message = null, Ended? observer = null)
    {
        var host = Build(shop, look, observer);
        await shop.Produce(message ?? Shop.Envelope("o1", new OrderPlaced("o1", 1)));

        await host.StartAsync();
        await Signal.Eventually(() => shop.Committed() == 1, "it was acknowledged");
    }

    private static Microsoft.Extensions.Hosting.IHost Build(Shop shop, Action<ConsumeContext<OrderPlaced>> look, Ended? observer) => shop.BuildWith(
        x =>
        {
            if (observer is not null)
            {
                x.AddReceiveObserver(_ => observer);
            }
        },
        (e, context) => e.ConfigureConsumer<PlacedConsumer>(context, c => c.Message<OrderPlaced>(m => m.UseExecute(look))));

    private sealed record Mark(int Number);

    private sealed class Ended(Seen seen) : IReceiveObserver
    {
        public Task PreReceive(ReceiveContext context) => Task.CompletedTask;

        public Task PostReceive(ReceiveContext context)
        {
            seen.Lines.Enqueue("ended");
            return Task.CompletedTask;
        }

        public Task PostConsume<T>(ConsumeContext<T> context, TimeSpan duration, string consumerType)
            where T : class => Task.CompletedTask;

        public Task ConsumeFault<T>(ConsumeContext<T> context, TimeSpan duration, string consumerType, Exception exception)
            where T : class => Task.CompletedTask;

        public Task ReceiveFault(ReceiveContext context, Exception exception) => Task.CompletedTask;
    }
}
