using Outbox.Inbox;

namespace Outbox.Operations.Seeing;

/// <summary>A sequence that waits for a version that has not come.</summary>
/// <param name="Sequence">The entity, as one endpoint processes it.</param>
/// <param name="Version">The version that was processed last, or given up; the next one is missing.</param>
/// <param name="FirstWaiting">The first version that is there and waits.</param>
/// <param name="Since">Since when a message of it waits.</param>
public sealed record WaitingSequence(Sequence Sequence, long Version, long FirstWaiting, DateTimeOffset Since)
{
    /// <summary>Until when it waits, if not for ever.</summary>
    public DateTimeOffset? Deadline { get; init; }

    /// <summary>How often the owner was asked for the missing versions.</summary>
    public int Asks { get; init; }

    /// <summary>When it was asked last.</summary>
    public DateTimeOffset? AskedAt { get; init; }
}
