using System.Collections.Concurrent;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using MongoDB.Bson;
using MongoDB.Driver;
using Outbox.Capture;
using Outbox.Delivery;
using Outbox.Delivery.Publishing;
using Outbox.Integration.Tests.Servers;
using Outbox.Kafka;
using Outbox.Messages;

namespace Outbox.Integration.Tests.Delivery.Settings;

/// <summary>A host that is disposed and was not stopped before, as a test that fails leaves it.</summary>
public sealed class DisposedHostTests : ILoggerProvider, ILogger
{
    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(30);

    /// <summary>That the machine is slow is said whoever ends.</summary>
    private const int LeasesSlow = 214;

    private readonly ConcurrentQueue<string> _log = [];

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData(Fencing.LeaseTime)]
    [InlineData(Fencing.KafkaTransactions)]
    public async Task A_host_that_is_disposed_without_a_stop_ends_without_a_word(Fencing fencing)
    {
        var host = await StartAsync(await TestPlace.SharedAsync(), fencing);
        await PublishAsync(host, 50);
        var services = host.Services.GetServices<IHostedService>().OfType<BackgroundService>().ToList();

        host.Dispose();

        await Task.WhenAll(services.Select(service => service.ExecuteTask!)).WaitAsync(Limit, Stop);
        Assert.True(_log.IsEmpty, string.Join('\n', _log));
    }

    [Fact]
    public async Task What_is_being_published_then_is_removed_first_as_at_a_stop()
    {
        var place = await TestPlace.SharedAsync();
        var removal = new Removal();
        var host = await StartAsync(place, Fencing.LeaseTime, removal.Attach);
        await PublishAsync(host, 1);
        await removal.Begun.WaitAsync(Limit, Stop);

        removal.Disposing = Task.Run(host.Dispose, Stop);
        await removal.Disposing;

        var outbox = new MongoClient(place.MongoDb).GetDatabase(place.Database).GetCollection<BsonDocument>("outbox");
        Assert.Equal(0, await outbox.CountDocumentsAsync(FilterDefinition<BsonDocument>.Empty, cancellationToken: Stop));
        Assert.True(_log.IsEmpty, string.Join('\n', _log));
    }

    ILogger ILoggerProvider.CreateLogger(string categoryName) => this;

    IDisposable? ILogger.BeginScope<TState>(TState state) => null;

    bool ILogger.IsEnabled(LogLevel logLevel) => logLevel >= LogLevel.Warning;

    void ILogger.Log<TState>(LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter)
    {
        if (logLevel >= LogLevel.Warning && eventId.Id != LeasesSlow)
        {
            _log.Enqueue($"{eventId} {formatter(state, exception)} {exception}");
        }
    }

    public void Dispose()
    {
    }

    private static async Task PublishAsync(IHost host, int entities)
    {
        for (var n = 0; n < entities; n++)
        {
            await host.Services.GetRequiredService<IOutbox>().ExecuteAsync((tx, _) =>
            {
                tx.Publish(new OrderPlaced($"o{n}", 1), $"o{n}", 1);
                return Task.CompletedTask;
            });
        }
    }

    private async Task<IHost> StartAsync(TestPlace place, Fencing fencing, Action<IServiceCollection>? replace = null)
    {
        var builder = Host.CreateApplicationBuilder(new HostApplicationBuilderSettings { DisableDefaults = true });
        builder.Logging.ClearProviders().AddProvider(this);
        builder.Services.AddOutbox(o =>
        {
            o.UseMongoDb(m => (m.Connection, m.DatabaseName) = (place.MongoDb, place.Database));
            o.UseKafka(k => (k.BootstrapServers, k.Fencing, k.TransactionalIdPrefix) = (place.Kafka, fencing, place.Topic));
            o.QueryDelay = TimeSpan.FromMilliseconds(50);
            o.Topic(place.Topic, t => t.Message<OrderPlaced>());
        });
        replace?.Invoke(builder.Services);
        var host = builder.Build();
        await host.StartAsync();
        return host;
    }

    /// <summary>Has the relay in the middle of a batch, between the broker's answer and the removal, while the host is disposed.</summary>
    private sealed class Removal
    {
        private static readonly TimeSpan Moment = TimeSpan.FromMilliseconds(200);
        private readonly TaskCompletionSource _begun = new(TaskCreationOptions.RunContinuationsAsynchronously);

        public Task Begun => _begun.Task;

        public Task? Disposing { get; set; }

        public void Attach(IServiceCollection services)
        {
            var original = services.Single(service => service.ServiceType == typeof(IOutboxReader));
            services.Remove(original);
            services.AddSingleton<IOutboxReader>(provider => new Reader(this, (IOutboxReader)ActivatorUtilities.CreateInstance(provider, original.ImplementationType!)));
        }

        private async Task WaitAsync()
        {
            _begun.TrySetResult();
            await Eventually.TrueAsync(() => Task.FromResult(Disposing is not null), "the host is being disposed");

            // Whether the disposal waits for the relay, or goes on and takes from it what it needs.
            await Task.WhenAny(Disposing!, Task.Delay(Moment));
        }

        private sealed class Reader(Removal removal, IOutboxReader inner) : IOutboxReader
        {
            public IAsyncEnumerable<IReadOnlyList<OutboxMessage>> SweepAsync(SweepRequest request, CancellationToken cancellationToken) => inner.SweepAsync(request, cancellationToken);

            public IAsyncEnumerable<IReadOnlyList<OutboxMessage>> ReadDueAsync(SweepRequest request, CancellationToken cancellationToken) => inner.ReadDueAsync(request, cancellationToken);

            public Task<IReadOnlyCollection<Entity>> ReadHeldEntitiesAsync(IReadOnlyCollection<int> lanes, CancellationToken cancellationToken) =>
                inner.ReadHeldEntitiesAsync(lanes, cancellationToken);

            public async Task CompleteAsync(
                IReadOnlyCollection<OutboxMessage> published, IReadOnlyCollection<OutboxMessage> expired, CancellationToken cancellationToken)
            {
                await removal.WaitAsync();
                await inner.CompleteAsync(published, expired, cancellationToken);
            }

            public Task ParkAsync(IReadOnlyCollection<UnpublishableMessage> messages, CancellationToken cancellationToken) => inner.ParkAsync(messages, cancellationToken);
        }
    }
}
