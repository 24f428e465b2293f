using Outbox.Inbox;

namespace Outbox.Operations.Failures;

/// <summary>A parked or discarded message in a list: all but its payload and headers.</summary>
public sealed record ParkedSummary
{
    /// <summary>What to call it in the operations: the message id in the outbox, an id of its own in the inbox.</summary>
    public required string Id { get; init; }

    /// <summary>The message id, where it could be read.</summary>
    public string? MessageId { get; init; }

    /// <summary>The topic that it is for, or came from.</summary>
    public required string Topic { get; init; }

    /// <summary>The endpoint that could not process it; <see langword="null"/> in the outbox.</summary>
    public string? Endpoint { get; init; }

    /// <summary>The entity's type, where it could be read.</summary>
    public string? EntityType { get; init; }

    /// <summary>The entity, where it could be read.</summary>
    public string? EntityId { get; init; }

    /// <summary>The entity's version, where it could be read.</summary>
    public long? Version { get; init; }

    /// <summary>The message type's name, where it could be read.</summary>
    public string? Type { get; init; }

    /// <summary>Why it is parked. In the outbox: failed, or unreadable.</summary>
    public required ParkReason Reason { get; init; }

    /// <summary>The beginning of the error, at most <see cref="MostErrorCharacters"/>; <c>GetAsync</c> has all of it.</summary>
    public required string Error { get; init; }

    /// <summary>How often it was tried before it was parked.</summary>
    public required int Attempts { get; init; }

    /// <summary>Whether its entity's later messages wait for it.</summary>
    public required bool HoldsEntity { get; init; }

    /// <summary>Whether its endpoint is about to try it again.</summary>
    public bool RetryRequested { get; init; }

    /// <summary>Since when it is parked, this time.</summary>
    public required DateTimeOffset ParkedAt { get; init; }

    /// <summary>What is known of its failures.</summary>
    public required FailureRecord Failure { get; init; }

    /// <summary>How it was given up; <see langword="null"/> while it is parked.</summary>
    public DiscardNote? Discarded { get; init; }

    /// <summary>How much of an error is in a list.</summary>
    public const int MostErrorCharacters = 500;
}
