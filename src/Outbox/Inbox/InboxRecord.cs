using Outbox.Inbox.Sequencing;

namespace Outbox.Inbox;

/// <summary>What the inbox remembers of a message.</summary>
/// <param name="Endpoint">The consumer's name; its Kafka group.</param>
/// <param name="MessageId">The message.</param>
/// <param name="Type">The message type's name.</param>
/// <param name="EntityId">The entity that the message is about, where known.</param>
/// <param name="Version">The entity's version, where known.</param>
/// <param name="CorrelationId">The conversation, handed on to what the handler publishes.</param>
public sealed record InboxRecord(
    string Endpoint, string MessageId, string Type, string? EntityId = null, long? Version = null, string? CorrelationId = null)
{
    /// <summary>What the entity id names, where known.</summary>
    public string? EntityType { get; init; }

    /// <summary>The topic that the message's id belongs to; <see langword="null"/> where the id alone names the message.</summary>
    public string? Topic { get; init; }

    /// <summary>The sequence that the message has its place in; <see langword="null"/> for a type that is not in sequence.</summary>
    public Sequence? Sequence { get; init; }
}
