using Outbox.Operations.Failures;

namespace Outbox.Inbox.Operations;

/// <summary>A consumed message that is parked.</summary>
/// <param name="Id">What to call it in <see cref="IInboxOperations"/>.</param>
/// <param name="Message">The message, whole, with the reason and the error.</param>
/// <param name="ParkedAt">Since when.</param>
/// <param name="RetryRequested">Whether its endpoint is about to try it again.</param>
public sealed record ParkedInboxMessage(string Id, ParkedMessage Message, DateTimeOffset ParkedAt, bool RetryRequested)
{
    /// <summary>What is known of its failures.</summary>
    public FailureRecord Failure { get; init; } = FailureRecord.None;

    /// <summary>How it was given up; <see langword="null"/> while it is parked.</summary>
    public DiscardNote? Discarded { get; init; }

    /// <summary>Says which state of the message was looked at, for <see cref="IInboxOperations.EditAndRetryAsync"/>.</summary>
    public string ETag { get; init; } = "";

    /// <summary>
    /// The payload as JSON, out of its envelope; <see langword="null"/> where the value is not JSON. One that has gone through transforms is shown by <see cref="IInboxOperations.GetAsync"/>, where this process has the keys. It is what <see cref="IInboxOperations.EditAndRetryAsync"/> replaces.
    /// </summary>
    public string? Payload { get; init; }
}
