using System.Text;
using Outbox.Operations.Errors;

namespace Outbox.Inbox;

/// <summary>A consumed message that could not be processed, as it came from the broker.</summary>
public sealed record ParkedMessage
{
    /// <summary>The endpoint that could not process it.</summary>
    public required string Endpoint { get; init; }

    /// <summary>The topic it came from.</summary>
    public required string Topic { get; init; }

    /// <summary>The partition it came from.</summary>
    public required int Partition { get; init; }

    /// <summary>Its offset in the partition.</summary>
    public required long Offset { get; init; }

    /// <summary>The Kafka key.</summary>
    public required byte[]? Key { get; init; }

    /// <summary>The Kafka value.</summary>
    public required byte[]? Value { get; init; }

    /// <summary>What was left away, of a message that is too large to be stored; its <see cref="Value"/> is <see langword="null"/> then.</summary>
    public OmittedValue? Omitted { get; init; }

    /// <summary>The Kafka headers, in their order; a name may come twice.</summary>
    public required IReadOnlyList<KeyValuePair<string, byte[]?>> Headers { get; init; }

    /// <summary>The time of the Kafka record, by which messages without a timestamp of their own are judged.</summary>
    public DateTimeOffset? Timestamp { get; init; }

    /// <summary>The message id, where it could be read.</summary>
    public string? MessageId { get; init => field = value is null ? null : Storable(value); }

    /// <summary>The entity's type, where it could be read.</summary>
    public string? EntityType { get; init; }

    /// <summary>The entity, where it could be read.</summary>
    public string? EntityId { get; init => field = value is null ? null : Storable(value); }

    /// <summary>The entity's version, where it could be read.</summary>
    public long? Version { get; init; }

    /// <summary>The message type's name, where it could be read.</summary>
    public string? Type { get; init => field = value is null ? null : Storable(value); }

    /// <summary>The topic that the message's id belongs to; <see langword="null"/> where the id alone names the message.</summary>
    public string? RecordTopic { get; init; }

    /// <summary>Why it is here.</summary>
    public required ParkReason Reason { get; init; }

    /// <summary>What went wrong.</summary>
    public required string Error { get; init => field = Storable(value); }

    /// <summary>What the error has in common with others of the same cause; where it is not said, that of its text.</summary>
    public ErrorSignature? Signature { get; init; }

    /// <summary>How often it was tried.</summary>
    public required int Attempts { get; init; }

    /// <summary>Whether its entity's later messages queue behind it, or it is one of those that do. Not of types in sequence.</summary>
    public bool Hold { get; init; }

    /// <summary>Whether its type is in sequence.</summary>
    public bool InSequence { get; init; }

    /// <summary>Until when a message that came too early waits for its predecessor.</summary>
    public DateTimeOffset? Deadline { get; init; }

    /// <summary>When a message that failed is tried again by itself, because the endpoint has a delayed redelivery. A person may have it tried at once.</summary>
    public DateTimeOffset? RetryAt { get; init; }

    /// <summary>Half a character, of a text that somebody cut, no database takes; and what cannot be parked is tried for ever.</summary>
    private static string Storable(string text) => Encoding.UTF8.GetString(Encoding.UTF8.GetBytes(text));
}
