using MongoDB.Driver;
using Outbox.Capture;
using Outbox.Messages;

namespace Outbox.MongoDb.Capture;

/// <summary>One attempt of a transaction; a retry gets a new one.</summary>
internal sealed class MongoOutboxTransaction(IClientSessionHandle session, CaptureBuffer buffer) : IOutboxTransaction
{
    private volatile bool _ended;

    public IClientSessionHandle Session => _ended ? throw Ended() : session;

    public CaptureBuffer Buffer => buffer;

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
            throw Ended();
        }

        buffer.Add(typeof(T), message, verb, entityId, version, options);
    }

    private static OutboxException Ended() => new(
        "The transaction has ended. Something started inside it was not awaited, or a reference to it was kept; await all work inside the callback.");
}
