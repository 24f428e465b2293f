using System.Collections.Concurrent;
using Microsoft.Extensions.Logging;

namespace Outbox.Dashboard.Tests.Hosting;

/// <summary>What the dashboard and the API log as an error: what nobody foresaw. A host that has any does not pass.</summary>
internal sealed class Complaints : ILoggerProvider, ILogger
{
    private readonly ConcurrentQueue<string> _all = [];

    public IReadOnlyList<string> All => [.. _all];

    public ILogger CreateLogger(string categoryName) => this;

    public IDisposable? BeginScope<TState>(TState state)
        where TState : notnull => null;

    public bool IsEnabled(LogLevel logLevel) => true;

    public void Log<TState>(LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter) => _all.Enqueue($"{formatter(state, exception)} {exception}");

    public void Dispose()
    {
    }
}
