namespace Outbox.Delivery.Watching;

/// <summary>Notices messages that other processes committed.</summary>
public interface IOutboxWatcher
{
    /// <summary>
    /// Calls <paramref name="onCommitted"/> whenever messages were committed, until cancelled. It may call too often and, after an error, too late:
    /// polling is the truth behind it.
    /// </summary>
    /// <exception cref="WatchUnavailableException">The server cannot tell; polling alone goes on.</exception>
    Task WatchAsync(Action onCommitted, CancellationToken cancellationToken);
}
