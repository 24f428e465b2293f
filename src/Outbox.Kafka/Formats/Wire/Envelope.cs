using Outbox.Messages;

namespace Outbox.Kafka.Formats.Wire;

/// <summary>A consumed message before its payload is deserialized, whatever its format was.</summary>
/// <param name="MessageId">The message's unique id; empty when its producer gave it none.</param>
/// <param name="EntityId">The entity it is about; empty when a foreign producer does not say.</param>
/// <param name="EntityType">What the entity id names; empty when unknown.</param>
/// <param name="Version">The entity's version after the change; <see langword="null"/> where there is none.</param>
/// <param name="Type">The message type's name.</param>
/// <param name="Timestamp">When the producer captured it; year 1 where it does not say.</param>
/// <param name="Payload">The message as UTF-8 JSON; <see langword="null"/> is a tombstone.</param>
internal sealed record Envelope(
    string MessageId, string EntityId, string EntityType, long? Version, string Type, DateTimeOffset Timestamp, ReadOnlyMemory<byte>? Payload)
{
    private readonly string? _correlationId;
    private readonly string? _causationId;

    public string MessageId { get; init; } = MessageId.Within(WireLimits.Id, "message id");

    public string EntityId { get; init; } = EntityId.Within(WireLimits.Id, "entity id");

    public string EntityType { get; init; } = EntityType.Within(WireLimits.Name, "entity type");

    public string Type { get; init; } = Type.Within(WireLimits.Name, "type");

    public MessageIntent? Intent { get; init; }

    public int SchemaVersion { get; init; } = 1;

    public string? CorrelationId
    {
        get => _correlationId;
        init => _correlationId = value?.Within(WireLimits.Id, "correlation id");
    }

    public string? CausationId
    {
        get => _causationId;
        init => _causationId = value?.Within(WireLimits.Id, "causation id");
    }

    public string? TraceParent { get; init; }

    public string? TraceState { get; init; }
}
