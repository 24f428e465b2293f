using Outbox.Messages;

namespace Outbox.Capture;

/// <summary>A transaction whose messages are collected in a buffer until it commits. For stores.</summary>
/// <param name="buffer">Where its messages are.</param>
public abstract class BufferedTransaction(CaptureBuffer buffer) : IOutboxTransaction
{
    /// <summary>What was captured.</summary>
    public CaptureBuffer Buffer => buffer;

    /// <summary>What else can be done in the transaction, for those who know of it.</summary>
    internal virtual T? Feature<T>()
        where T : class => null;

    /// <summary>Whether what was captured is stored at the end of the transaction, and not at once.</summary>
    internal virtual bool HoldsBack => true;

    /// <inheritdoc/>
    public void Publish<T>(T message, string entityId, long? version = null, MessageOptions? options = null)
        where T : class => Take(new CapturedCall(Required(message, typeof(T)), typeof(T), MessageIntent.Event, entityId, version), options);

    /// <inheritdoc/>
    public void Publish(object message, Type type, string entityId, long? version = null, MessageOptions? options = null) =>
        Take(new CapturedCall(Required(message, type), type, MessageIntent.Event, entityId, version) { IsExact = true }, options);

    /// <inheritdoc/>
    public void PublishTombstone<T>(string entityId, long? version = null, MessageOptions? options = null)
        where T : class => PublishTombstone(typeof(T), entityId, version, options);

    /// <inheritdoc/>
    public void PublishTombstone(Type type, string entityId, long? version = null, MessageOptions? options = null) =>
        Take(new CapturedCall(null, type, MessageIntent.Event, entityId, version), options);

    /// <inheritdoc/>
    public void Send<T>(T message, string entityId, long? version = null, MessageOptions? options = null)
        where T : class => Take(new CapturedCall(Required(message, typeof(T)), typeof(T), MessageIntent.Command, entityId, version), options);

    /// <inheritdoc/>
    public void Send(object message, Type type, string entityId, long? version = null, MessageOptions? options = null) =>
        Take(new CapturedCall(Required(message, type), type, MessageIntent.Command, entityId, version) { IsExact = true }, options);

    /// <summary>Adds a message to the buffer. A store that writes at once does so here.</summary>
    internal virtual void Capture(CapturedCall call, MessageOptions? options) => buffer.Add(call, options);

    private void Take(CapturedCall call, MessageOptions? options)
    {
        if (!buffer.IsReplay || options?.PublishOnReplay == true)
        {
            Capture(call, options);
        }
    }

    private static object Required(object? message, Type type) => message ?? throw new OutboxException(
        $"A {type.Name} that is null was published or sent. A message without content says that its entity is gone: if that is meant, say so with tx.PublishTombstone<{type.Name}>(entityId, …).");
}
