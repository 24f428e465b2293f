using System.Collections.Concurrent;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using MongoDB.Bson;
using MongoDB.Driver;
using Outbox.Integration.Tests.Servers;

namespace Outbox.Integration.Tests.Capture;

/// <summary>Versions that callers bring, and versions that are counted.</summary>
public sealed class VersionSourceTests : IAsyncLifetime, ILoggerProvider, ILogger
{
    private readonly ConcurrentQueue<string> _warnings = new();
    private TestService _service = null!;

    public async ValueTask InitializeAsync() => _service = await TestService.StartAsync(
        o => o.RelayEnabled = false, services => services.AddSingleton<ILoggerProvider>(this));

    public ValueTask DisposeAsync() => _service.DisposeAsync();

    [Fact]
    public async Task Versions_of_one_entity_that_are_supplied_and_counted_in_one_transaction_are_refused()
    {
        var error = await Assert.ThrowsAsync<OutboxException>(() => _service.Outbox.ExecuteAsync((tx, _) =>
        {
            tx.Publish(new OrderPlaced("o1", 1), "o1", 7);
            tx.Publish(new OrderCancelled("o2"), "o2");
            tx.Publish(new OrderCancelled("o1"), "o1");
            return Task.CompletedTask;
        }));

        Assert.Contains("a 'order-placed' with version 7 and a 'order-cancelled' without one", error.Message, StringComparison.Ordinal);
        Assert.Equal(0, await _service.Messages.CountDocumentsAsync(FilterDefinition<BsonDocument>.Empty));
    }

    [Fact]
    public async Task Different_topics_and_different_entities_may_differ_in_one_transaction()
    {
        await _service.Outbox.ExecuteAsync((tx, _) =>
        {
            tx.Publish(new OrderPlaced("o1", 1), "o1", 7);
            tx.Publish(new OrderPlaced("o2", 1), "o2");
            return Task.CompletedTask;
        });

        Assert.Equal(2, await _service.Messages.CountDocumentsAsync(FilterDefinition<BsonDocument>.Empty));
    }

    [Fact]
    public async Task A_topic_with_both_is_warned_of_once()
    {
        foreach (var version in new long?[] { 1, 2, null, 3, null })
        {
            await _service.Outbox.ExecuteAsync((tx, _) =>
            {
                tx.Publish(new OrderPlaced("o1", 1), "o1", version);
                return Task.CompletedTask;
            });
        }

        var warning = Assert.Single(_warnings);
        Assert.StartsWith($"Topic {_service.Topic} has messages that bring a version and messages that have one counted ('order-placed' just now)", warning, StringComparison.Ordinal);
    }

    ILogger ILoggerProvider.CreateLogger(string categoryName) => this;

    IDisposable? ILogger.BeginScope<TState>(TState state) => null;

    bool ILogger.IsEnabled(LogLevel logLevel) => true;

    void ILogger.Log<TState>(LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter)
    {
        if (logLevel == LogLevel.Warning)
        {
            _warnings.Enqueue(formatter(state, exception));
        }
    }

    void IDisposable.Dispose()
    {
    }
}
