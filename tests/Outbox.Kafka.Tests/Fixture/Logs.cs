using System.Collections.Concurrent;
using Microsoft.Extensions.Logging;

namespace Outbox.Kafka.Tests.Fixture;

/// <summary>What the services logged, by event id.</summary>
public sealed class Logs(Signal signal) : ILoggerProvider
{
    private readonly ConcurrentQueue<(int Event, string Text)> _lines = new();

    public int Count => _lines.Count;

    public IEnumerable<string> Of(int id) => _lines.Where(line => line.Event == id).Select(line => line.Text);

    public ILogger CreateLogger(string categoryName) => new Logger(this);

    public void Dispose()
    {
    }

    private void Add(int id, string text)
    {
        _lines.Enqueue((id, text));
        signal.Raise();
    }

    private sealed class Logger(Logs logs) : ILogger
    {
        public IDisposable? BeginScope<TState>(TState state)
            where TState : notnull => null;

        public bool IsEnabled(LogLevel logLevel) => true;

        public void Log<TState>(LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter)
        {
            if (eventId.Id > 0 || logLevel >= LogLevel.Error)
            {
                logs.Add(eventId.Id, formatter(state, exception));
            }
        }
    }
}
