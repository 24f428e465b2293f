using System.Collections.Concurrent;
using System.Diagnostics;
using Confluent.Kafka;
using Microsoft.Extensions.DependencyInjection;
using MongoDB.Bson;
using MongoDB.Driver;
using Outbox.Benchmarks.Servers;
using Outbox.Capture;
using Outbox.Delivery.Publishing;
using Outbox.Messages;

namespace Outbox.Benchmarks.Delivery;

/// From commit to delivery report at 100 messages/s, against a raw produce round trip and one MongoDB round trip at the same rate in the same run.
internal static class LatencyBenchmark
{
    private const int Messages = 1_000;
    private static readonly TimeSpan Interval = TimeSpan.FromMilliseconds(10);

    public static async Task<Figures> RunAsync(string[] args)
    {
        var figures = new Figures();
        using var servers = await BenchmarkServers.StartAsync();
        var topic = await servers.CreateTopicAsync(4);
        var clock = new Clock();
        await using var service = await FrameworkService.StartAsync(
            servers.MongoDb, servers.Kafka, $"benchmark_{Guid.NewGuid():N}", o => o.Topic(topic, t => t.Message<Ping>()), clock.Watch);
        using var producer = new ProducerBuilder<string, string>(new ProducerConfig
        {
            BootstrapServers = servers.Kafka,
            Acks = Acks.All,
            EnableIdempotence = true,
            LingerMs = 0,
        }).Build();

        await MeasureAsync(service, producer, topic, clock, 300);
        clock.Reset();
        var (produce, find) = await MeasureAsync(service, producer, topic, clock, Messages);

        foreach (var (name, share, target) in new[] { ("p50", 0.5, 2.0), ("p99", 0.99, 4.0) })
        {
            var allowed = (target * produce.At(share)) + find.At(share);
            Figures.Note($"latency.{name}", clock.Latencies.At(share), "ms");
            Figures.Note($"latency.raw_produce_{name}", produce.At(share), "ms");
            Figures.Note($"latency.raw_find_{name}", find.At(share), "ms");
            figures.RatioAtMost($"latency.{name}_to_{target:0}_produces_and_one_find", clock.Latencies.At(share) / allowed, 1);
        }

        return figures;
    }

    private static async Task<(Percentiles Produce, Percentiles Find)> MeasureAsync(
        FrameworkService service, IProducer<string, string> producer, string topic, Clock clock, int count)
    {
        var outbox = service.Services.GetRequiredService<IOutbox>();
        var produce = new Percentiles();
        var find = new Percentiles();
        using var timer = new PeriodicTimer(Interval);
        for (var n = 0; n < count; n++)
        {
            await timer.WaitForNextTickAsync();
            var id = Guid.CreateVersion7().ToString();
            await outbox.ExecuteAsync((tx, _) =>
            {
                tx.Publish(new Ping(n), $"entity-{n % 100}", (n / 100) + 1, new MessageOptions { MessageId = id });
                return Task.CompletedTask;
            });
            clock.Committed(id);
            if (n % 5 == 0)
            {
                await timer.WaitForNextTickAsync();
                await timer.WaitForNextTickAsync();
                var started = Stopwatch.GetTimestamp();
                await producer.ProduceAsync(topic, new Message<string, string> { Key = id, Value = id });
                produce.Add(Stopwatch.GetElapsedTime(started));
                started = Stopwatch.GetTimestamp();
                await service.Database.GetCollection<BsonDocument>("outbox.leases").Find(new BsonDocument("_id", 1)).FirstAsync();
                find.Add(Stopwatch.GetElapsedTime(started));
            }
        }

        await clock.AllReportedAsync(count, new Progress(service.Database, "Publishing"));
        return (produce, find);
    }

    internal sealed record Ping(int Number);

    /// Takes the times of commits and of delivery reports.
    private sealed class Clock
    {
        private readonly ConcurrentDictionary<string, long> _times = new();

        public Percentiles Latencies { get; private set; } = new();

        public void Reset() => Latencies = new Percentiles();

        public async Task AllReportedAsync(int count, Progress progress)
        {
            while (Latencies.Count < count)
            {
                await progress.CheckAsync(Latencies.Count);
                await Task.Delay(20);
            }
        }

        public void Committed(string messageId) => Note(messageId, Stopwatch.GetTimestamp(), isCommit: true);

        public void Reported(string messageId) => Note(messageId, Stopwatch.GetTimestamp(), isCommit: false);

        public void Watch(IServiceCollection services)
        {
            var original = services.Single(service => service.ServiceType == typeof(IMessagePublisher));
            services.Remove(original);
            services.AddSingleton<IMessagePublisher>(provider =>
                new Publisher(this, (IMessagePublisher)ActivatorUtilities.CreateInstance(provider, original.ImplementationType!)));
        }

        private void Note(string messageId, long now, bool isCommit)
        {
            // The report may come before the commit's answer: such a message took no time.
            if (!_times.TryAdd(messageId, now))
            {
                _times.TryRemove(messageId, out var first);
                Latencies.Add(isCommit ? TimeSpan.Zero : Stopwatch.GetElapsedTime(first, now));
            }
        }

        private sealed class Publisher(Clock clock, IMessagePublisher inner) : IMessagePublisher
        {
            public async Task<IReadOnlyList<PublishResult>> PublishAsync(
                IReadOnlyList<OutboxMessage> messages, TimeSpan deadline, CancellationToken cancellationToken)
            {
                var results = await inner.PublishAsync(messages, deadline, cancellationToken);
                foreach (var (message, result) in messages.Zip(results))
                {
                    if (result.Status == PublishStatus.Published)
                    {
                        clock.Reported(message.MessageId);
                    }
                }

                return results;
            }
        }
    }
}
