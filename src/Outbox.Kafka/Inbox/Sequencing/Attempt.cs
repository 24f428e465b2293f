using Outbox.Inbox;
using Outbox.Kafka.Formats;

namespace Outbox.Kafka.Inbox.Sequencing;

/// <summary>What came of one attempt to process a message.</summary>
/// <param name="Outcome">What the inbox did; <see langword="null"/> for a message that was parked, or skipped because the endpoint does not handle it.</param>
/// <param name="Envelope">The message's envelope, where it was read.</param>
internal readonly record struct Attempt(InboxOutcome? Outcome, Envelope? Envelope)
{
    /// <summary>The endpoint does not handle its type.</summary>
    public static readonly Attempt Skipped;

    /// <summary>It could not be processed, and was parked.</summary>
    public static readonly Attempt Parked = new(null, null) { IsParked = true };

    private bool IsParked { get; init; }
}
