using Outbox.Messages;

namespace Outbox.Testing;

/// <summary>A message that the relay has published.</summary>
/// <typeparam name="T">Its type.</typeparam>
/// <param name="Message">The message, read from the JSON that was published.</param>
/// <param name="Envelope">What it was published with.</param>
public sealed record PublishedMessage<T>(T Message, OutboxMessage Envelope)
    where T : class
{
    /// <summary>The entity that it is about.</summary>
    public string EntityId => Envelope.EntityId;

    /// <summary>The entity's version.</summary>
    public long Version => Envelope.Version;

    /// <summary>Event or command.</summary>
    public MessageIntent Intent => Envelope.Intent;

    /// <summary>Where it was published.</summary>
    public string Topic => Envelope.Topic;

    /// <summary>Its headers, with <c>correlationId</c> and, where a message caused it, <c>causationId</c>.</summary>
    public IReadOnlyDictionary<string, string> Headers => Envelope.Headers;
}
