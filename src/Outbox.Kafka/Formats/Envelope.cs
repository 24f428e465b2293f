namespace Outbox.Kafka.Formats;

/// <summary>A consumed message before its payload is deserialized.</summary>
/// <param name="MessageId">The message's unique id.</param>
/// <param name="EntityId">The entity it is about.</param>
/// <param name="EntityType">What the entity id names; empty when unknown.</param>
/// <param name="Version">The entity's version after the change; 0 where there is none.</param>
/// <param name="Type">The message type's name.</param>
/// <param name="Timestamp">When the producer captured it; year 1 where it does not say.</param>
/// <param name="Payload">The message as UTF-8 JSON.</param>
internal sealed record Envelope(
    string MessageId, string EntityId, string EntityType, long Version, string Type, DateTimeOffset Timestamp, ReadOnlyMemory<byte> Payload);
