using Outbox.Inbox;
using Outbox.Kafka.Formats;

namespace Outbox.Kafka.Inbox.Sequencing;

/// <summary>What came of one attempt to process a message.</summary>
/// <param name="Outcome">What the inbox did; <see langword="null"/> for a message that was parked, or skipped because the endpoint does not handle it.</param>
/// <param name="Envelope">The message's envelope, where it was read.</param>
internal readonly record struct Attempt(InboxOutcome? Outcome, Envelope? Envelope)
{
    /// <summary>The message's way ended without its having been processed.</summary>
    public static readonly Attempt Ended;
}
