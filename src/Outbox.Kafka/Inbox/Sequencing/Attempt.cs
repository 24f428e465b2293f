using Outbox.Inbox;
using Outbox.Kafka.Formats;
using Outbox.Kafka.Formats.Wire;

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

    /// <summary>It has to queue behind a message of its entity that failed.</summary>
    public bool IsHeld { get; private init; }

    /// <summary>It may not be processed yet, and has not been.</summary>
    public bool MustWait => IsHeld || Outcome == InboxOutcome.Early;

    /// <summary>It is processed, by a consumer with an inbox or without, or had been.</summary>
    public bool IsDone => Envelope is not null && !MustWait;

    private bool IsParked { get; init; }

    public static Attempt Held(Envelope envelope) => new(null, envelope) { IsHeld = true };
}
