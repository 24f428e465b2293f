using Outbox.Messages;
using Outbox.Operations.Failures;

namespace Outbox.Delivery.Operations;

/// <summary>A message that could not be published.</summary>
/// <param name="Message">The message, whole; or what could be read of it, when <paramref name="Error"/> says that it cannot be read.</param>
/// <param name="Error">Why not.</param>
/// <param name="Attempts">How often it was tried.</param>
/// <param name="HoldsEntity">Whether its entity's later messages wait for it.</param>
/// <param name="ParkedAt">Since when.</param>
public sealed record ParkedOutboxMessage(OutboxMessage Message, string Error, int Attempts, bool HoldsEntity, DateTimeOffset ParkedAt)
{
    /// <summary>
    /// The stored document as JSON, when it cannot be read as a message: repair it in <c>outbox.parked</c> and retry it, or discard it.
    /// </summary>
    public string? Document { get; init; }

    /// <summary>What is known of its failures.</summary>
    public FailureRecord Failure { get; init; } = FailureRecord.None;

    /// <summary>How it was given up; <see langword="null"/> while it is parked.</summary>
    public DiscardNote? Discarded { get; init; }

    /// <summary>Says which state of the message was looked at, for <see cref="IOutboxOperations.EditAndRetryAsync"/>.</summary>
    public string ETag { get; init; } = "";
}
