using Outbox.Delivery.Watching;

namespace Outbox.Testing.Delivery;

/// <summary>No other process writes to this store, so there is nothing to notice.</summary>
internal sealed class InMemoryWatcher(TimeProvider time) : IOutboxWatcher
{
    /// <inheritdoc/>
    public Task WatchAsync(Action onCommitted, CancellationToken cancellationToken) => Task.Delay(Timeout.InfiniteTimeSpan, time, cancellationToken);
}
