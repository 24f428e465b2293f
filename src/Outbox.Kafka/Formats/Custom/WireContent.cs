using Outbox.Messages;

namespace Outbox.Kafka;

/// <summary>What a record says, as an <see cref="IWireFormat"/> reads it.</summary>
/// <param name="Type">The message type's name, as it is registered: <c>order-placed</c>.</param>
/// <param name="EntityId">The entity that it is about.</param>
/// <param name="Payload">The message as UTF-8 JSON; <see langword="null"/> is a tombstone.</param>
public sealed record WireContent(string Type, string EntityId, ReadOnlyMemory<byte>? Payload)
{
    /// <summary>The message's unique id.</summary>
    /// <value>The default is the place of the record on Kafka, by which a duplicate of its producer's is not recognised.</value>
    public string MessageId { get; init; } = "";

    /// <summary>What the entity's id names.</summary>
    /// <value>The default is that of the registered type.</value>
    public string EntityType { get; init; } = "";

    /// <summary>The entity's version after the change, from 1 upwards.</summary>
    /// <value>The default is none: the message has no order among its entity's others.</value>
    public long? Version { get; init; }

    /// <summary>Event or command.</summary>
    /// <value>The default is what the type is registered as.</value>
    public MessageIntent? Intent { get; init; }

    /// <summary>The version of the payload's schema.</summary>
    /// <value>The default value is 1.</value>
    public int SchemaVersion { get; init; } = 1;

    /// <summary>When the producer captured it.</summary>
    /// <value>The default is the record's own time.</value>
    public DateTimeOffset? Timestamp { get; init; }

    /// <summary>The conversation that it belongs to.</summary>
    public string? CorrelationId { get; init; }

    /// <summary>The message that caused it.</summary>
    public string? CausationId { get; init; }
}
