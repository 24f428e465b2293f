using Outbox.Capture;
using Outbox.Messages;

namespace Outbox.Testing.Capture;

/// <summary>A transaction that has messages only. What a callback does to objects of its own is not undone when it fails.</summary>
internal sealed class InMemoryTransaction(CaptureBuffer buffer) : IOutboxTransaction
{
    private volatile bool _ended;

    public IReadOnlyList<OutboxMessage> Messages => buffer.Messages;

    /// <inheritdoc/>
    public void Publish<T>(T message, string entityId, long? version = null, MessageOptions? options = null)
        where T : class => Capture(message, MessageIntent.Event, entityId, version, options);

    /// <inheritdoc/>
    public void PublishTombstone<T>(string entityId, long? version = null, MessageOptions? options = null)
        where T : class => Capture<T>(null, MessageIntent.Event, entityId, version, options);

    /// <inheritdoc/>
    public void Send<T>(T message, string entityId, long? version = null, MessageOptions? options = null)
        where T : class => Capture(message, MessageIntent.Command, entityId, version, options);

    public void End() => _ended = true;

    private void Capture<T>(T? message, MessageIntent verb, string entityId, long? version, MessageOptions? options)
        where T : class
    {
        if (_ended)
        {
            throw new OutboxException(
                "The transaction has ended. Something started inside it was not awaited, or a reference to it was kept; await all work inside the callback.");
        }

        buffer.Add(typeof(T), message, verb, entityId, version, options);
    }
}
