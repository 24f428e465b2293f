using MassTransit;
using Microsoft.Extensions.DependencyInjection;
using Outbox.Kafka.Tests.Fixture;

namespace Outbox.Kafka.Tests.Inbox.Pipeline;

/// <summary>What MassTransit is told of attempts.</summary>
public sealed class NoticeTests
{
    [Fact]
    public async Task A_transaction_that_the_database_asks_to_repeat_is_no_fault_and_is_consumed_once()
    {
        await using var shop = new Shop(partitions: 1);
        var told = new Told();
        var attempts = 0;
        shop.Probe.OnPlaced = _ => Interlocked.Increment(ref attempts) < 3 ? throw new ConflictException() : Task.CompletedTask;
        var host = Build(shop, told);
        await shop.Produce("o1", new OrderPlaced("o1", 1));

        await host.StartAsync();
        await Signal.Eventually(() => shop.Committed() == 1, "it was acknowledged");

        Assert.Equal(3, attempts);
        Assert.Equal(["consumed OrderPlaced"], told.Lines);
        Assert.DoesNotContain(shop.Logs.Of(0), line => line.Contains("R-FAULT", StringComparison.Ordinal));
    }

    [Fact]
    public async Task A_consumer_that_fails_is_a_fault()
    {
        await using var shop = new Shop(partitions: 1);
        var told = new Told();
        shop.Probe.OnPlaced = _ => throw new InvalidOperationException("no such address");
        var host = Build(shop, told);
        await shop.Produce("o1", new OrderPlaced("o1", 1));

        await host.StartAsync();
        await shop.Signal.Until(() => shop.Store.Parked.Count == 1, "it was parked");

        Assert.Equal(["fault no such address"], told.Lines);
        Assert.Contains(shop.Logs.Of(0), line => line.Contains("R-FAULT", StringComparison.Ordinal));
    }

    [Fact]
    public async Task A_transaction_that_fails_at_its_end_is_a_fault_and_nothing_was_consumed()
    {
        await using var shop = new Shop(partitions: 1);
        var told = new Told();
        shop.Probe.OnPlaced = _ =>
        {
            shop.Store.Down = true;
            return Task.CompletedTask;
        };
        var host = Build(shop, told);
        await shop.Produce("o1", new OrderPlaced("o1", 1));

        await host.StartAsync();
        await shop.Signal.Until(() => told.Lines.Any(), "something was told");
        shop.Probe.OnPlaced = _ => Task.CompletedTask;
        shop.Store.Down = false;
        await Signal.Eventually(() => shop.Committed() == 1, "it was acknowledged");

        Assert.StartsWith("fault ", told.Lines.First(), StringComparison.Ordinal);
        Assert.Equal("consumed OrderPlaced", told.Lines.Last());
        Assert.Single(told.Lines, line => line == "consumed OrderPlaced");
    }

    private static Microsoft.Extensions.Hosting.IHost Build(Shop shop, Told told) => shop.BuildWith(
        x => x.AddReceiveObserver(_ => told.In(shop.Signal)),
        (e, context) => e.ConfigureConsumer<PlacedConsumer>(context));
}

/// <summary>What receive observers were told, which is also what MassTransit logs.</summary>
public sealed class Told : IReceiveObserver
{
    private readonly System.Collections.Concurrent.ConcurrentQueue<string> _lines = new();
    private Signal? _signal;

    public IEnumerable<string> Lines => _lines;

    public Told In(Signal signal)
    {
        _signal = signal;
        return this;
    }

    public Task PreReceive(ReceiveContext context) => Task.CompletedTask;

    public Task PostReceive(ReceiveContext context) => Task.CompletedTask;

    public Task PostConsume<T>(ConsumeContext<T> context, TimeSpan duration, string consumerType)
        where T : class => Add($"consumed {typeof(T).Name}");

    public Task ConsumeFault<T>(ConsumeContext<T> context, TimeSpan duration, string consumerType, Exception exception)
        where T : class => Add($"fault {exception.Message}");

    public Task ReceiveFault(ReceiveContext context, Exception exception) => Task.CompletedTask;

    private Task Add(string line)
    {
        _lines.Enqueue(line);
        _signal?.Raise();
        return Task.CompletedTask;
    }
}
