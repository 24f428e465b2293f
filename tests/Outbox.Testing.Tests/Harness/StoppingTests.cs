using System.Collections.Concurrent;
using System.Runtime.CompilerServices;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Outbox.Delivery;
using Outbox.Delivery.Publishing;
using Outbox.Messages;

namespace Outbox.Testing.Tests.Harness;

/// <summary>A service that stops while its database is away.</summary>
public sealed class StoppingTests
{
    [Fact]
    public async Task A_relay_whose_store_fails_while_the_service_stops_says_so_and_is_no_failure_of_the_service()
    {
        var (reader, logs) = (new LostReader(), new Logs());
        var builder = Host.CreateApplicationBuilder();
        builder.Logging.ClearProviders().AddProvider(logs);
        builder.Services.AddOutbox(o => o.UseInMemory());
        builder.Services.Replace(ServiceDescriptor.Singleton<IOutboxReader>(reader));
        using var host = builder.Build();
        await host.StartAsync(TestContext.Current.CancellationToken);
        await reader.Reading.Task.WaitAsync(TimeSpan.FromMinutes(1), TestContext.Current.CancellationToken);

        await host.StopAsync(TestContext.Current.CancellationToken);

        Assert.Contains("the database is away", Assert.Single(logs.Lines, line => line.Id == 206).Text, StringComparison.Ordinal);
        Assert.DoesNotContain(logs.Lines, line => line.Level >= LogLevel.Error);
    }

    private sealed class LostReader : IOutboxReader
    {
        public TaskCompletionSource Reading { get; } = new(TaskCreationOptions.RunContinuationsAsynchronously);

        public async IAsyncEnumerable<IReadOnlyList<OutboxMessage>> SweepAsync(SweepRequest request, [EnumeratorCancellation] CancellationToken cancellationToken)
        {
            Reading.TrySetResult();
            await Task.Delay(Timeout.InfiniteTimeSpan, cancellationToken).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            yield return await Task.FromException<IReadOnlyList<OutboxMessage>>(new InvalidOperationException("the database is away"));
        }

        public async IAsyncEnumerable<IReadOnlyList<OutboxMessage>> ReadDueAsync(SweepRequest request, [EnumeratorCancellation] CancellationToken cancellationToken)
        {
            await Task.CompletedTask;
            yield break;
        }

        public Task<IReadOnlyCollection<Entity>> ReadHeldEntitiesAsync(IReadOnlyCollection<int> lanes, CancellationToken cancellationToken) =>
            Task.FromResult<IReadOnlyCollection<Entity>>([]);

        public Task CompleteAsync(IReadOnlyCollection<OutboxMessage> published, IReadOnlyCollection<OutboxMessage> expired, CancellationToken cancellationToken) => Task.CompletedTask;

        public Task ParkAsync(IReadOnlyCollection<UnpublishableMessage> messages, CancellationToken cancellationToken) => Task.CompletedTask;
    }

    private sealed class Logs : ILoggerProvider, ILogger
    {
        public ConcurrentQueue<(LogLevel Level, int Id, string Text)> Lines { get; } = new();

        public ILogger CreateLogger(string categoryName) => this;

        public IDisposable? BeginScope<TState>(TState state)
            where TState : notnull => null;

        public bool IsEnabled(LogLevel logLevel) => true;

        public void Log<TState>(LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter) =>
            Lines.Enqueue((logLevel, eventId.Id, formatter(state, exception)));

        public void Dispose()
        {
        }
    }
}
