using Microsoft.Extensions.Logging;

namespace Outbox.Tests.Delivery;

/// <summary>The ids of what was logged.</summary>
internal sealed class Lines<T> : ILogger<T>
{
    public List<(int Id, string Text)> All { get; } = [];

    public IEnumerable<int> Ids => All.Select(line => line.Id);

    public IDisposable? BeginScope<TState>(TState state)
        where TState : notnull => null;

    public bool IsEnabled(LogLevel logLevel) => true;

    public void Log<TState>(LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter) =>
        All.Add((eventId.Id, formatter(state, exception)));
}
