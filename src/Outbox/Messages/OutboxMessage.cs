namespace Outbox.Messages;

/// <summary>One outgoing message as it is stored in the outbox and published to Kafka.</summary>
public sealed record OutboxMessage
{
    /// <summary>Unique id by which consumers recognise a duplicate.</summary>
    public required string MessageId { get; init; }

    /// <summary>The share of the outbox that this message's entity belongs to: <see cref="Delivery.Leases.Lane.Of"/>.</summary>
    public required int Lane { get; init; }

    /// <summary>The Kafka topic.</summary>
    public required string Topic { get; init; }

    /// <summary>What kind of thing <see cref="EntityId"/> names, for example <c>order</c>.</summary>
    public required string EntityType { get; init; }

    /// <summary>The entity that the message is about. Messages of one entity keep their order.</summary>
    public required string EntityId { get; init; }

    /// <summary>The entity, by type and id.</summary>
    public Entity Entity => new(EntityType, EntityId);

    /// <summary>The entity's version after the change, from 1 upwards.</summary>
    public required long Version { get; init; }

    /// <summary>The place among the messages of one transaction, from 0: it orders messages of one version.</summary>
    public required int Ordinal { get; init; }

    /// <summary>Event or command.</summary>
    public required MessageIntent Intent { get; init; }

    /// <summary>The message type's stable name, for example <c>order-placed</c>.</summary>
    public required string Type { get; init; }

    /// <summary>The message as JSON; <see langword="null"/> is a Kafka tombstone.</summary>
    public required string? Payload { get; init; }

    /// <summary>Headers beyond those that every message carries.</summary>
    public IReadOnlyDictionary<string, string> Headers { get; init; } = NoHeaders;

    /// <summary>Whether MassTransit's send and publish filters and observers have seen the message, when it was captured: the bus must not show it to them again.</summary>
    public bool IsFiltered { get; init; }

    /// <summary>The version of the payload's schema, from 1 upwards.</summary>
    public int SchemaVersion { get; init; } = 1;

    /// <summary>How the message looks on Kafka: its topic's format when it was captured.</summary>
    public MessageFormat Format { get; init; }

    /// <summary>When the message was captured, by the producer's clock. Never used for ordering.</summary>
    public required DateTimeOffset Timestamp { get; init; }

    /// <summary>The Kafka key when it is not the entity id.</summary>
    public string? PartitionKey { get; init; }

    /// <summary>The earliest moment of publishing, by the database server's clock.</summary>
    public DateTimeOffset? NotBefore { get; init; }

    /// <summary>From this moment on the message is dropped, with an event and a count, instead of published.</summary>
    public DateTimeOffset? ExpiresAt { get; init; }

    /// <summary>The transforms that the payload goes through when it is published, of its topic when it was captured: <c>zstd,aes-gcm</c>; <see langword="null"/> for none. A relay that lacks one does not publish it.</summary>
    public string? Transforms { get; init; }

    /// <summary>The id of the payload in a store, when it is kept apart: <see cref="Payload"/> is a reference to it then, and has gone through the transforms.</summary>
    public string? Claim { get; init; }

    /// <summary>What is published in place of the payload.</summary>
    internal ReadOnlyMemory<byte>? Encoded { get; init; }

    /// <summary>Why this instance cannot publish the message, when a newer one has stored it with what only that one knows.</summary>
    public string? NotKnownBecause { get; init; }

    /// <summary>Whether it was published before and is repeated for one endpoint: it is kept elsewhere, and none of its entity's messages depends on it.</summary>
    internal bool IsReplay => Headers.ContainsKey(MessageHeaders.ReplayFor);

    internal static readonly IReadOnlyDictionary<string, string> NoHeaders = new Dictionary<string, string>();
}
