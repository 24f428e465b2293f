using System.Text.Json;
using Outbox.Versioning;

namespace Outbox.Messages.Registration;

/// <summary>How messages of one CLR type travel.</summary>
/// <param name="ClrType">The type that user code publishes and consumes.</param>
/// <param name="Type">The stable name on the wire, for example <c>order-placed</c>.</param>
/// <param name="Topic">The Kafka topic.</param>
/// <param name="Intent">Event or command.</param>
/// <param name="EntityType">What the entity id names.</param>
/// <param name="Json">How the payload is written and read.</param>
public sealed record MessageRegistration(
    Type ClrType, string Type, string Topic, MessageIntent Intent, string EntityType, JsonSerializerOptions Json)
{
    /// <summary>How the messages look on Kafka.</summary>
    public MessageFormat Format { get; init; }

    /// <summary>The format of <see cref="MessageFormat.Custom"/>, which only the transport knows.</summary>
    internal object? WireFormat { get; init; }

    /// <summary>The transforms that payloads go through when they are published; <see langword="null"/> for none.</summary>
    public string? Transforms { get; init; }

    /// <summary>The most bytes of a payload, where large ones are kept apart from the messages; <see langword="null"/> leaves it to <see cref="OutboxOptions.MaxPayloadBytes"/>.</summary>
    public int? MaxClaimBytes { get; init; }

    /// <summary>The version of the schema that payloads are written in.</summary>
    public int SchemaVersion { get; init; } = 1;

    /// <summary>Brings payloads of older schema versions up to date.</summary>
    public Upcasting Upcasting { get; init; } = Upcasting.None;

    /// <summary>Where the versions come from; <see langword="null"/> where nobody said.</summary>
    public VersionSource? Versions { get; init; }

    /// <summary>Whether the topic's messages that are in no known format are plain JSON of this type.</summary>
    public bool IsDefault { get; init; }

    /// <summary>How consumers meet duplicates and disorder.</summary>
    public MessageOrdering Ordering { get; init; }

    /// <summary>What consumers do with an entity's later messages when one fails for good; <see langword="null"/> leaves it to the ordering.</summary>
    public FailurePolicy? OnFailed { get; init; }

    /// <summary>Whether every message is kept for ever as an event of its entity.</summary>
    public bool KeepsHistory { get; init; }
}
