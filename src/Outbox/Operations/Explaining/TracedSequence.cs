using Outbox.Inbox;

namespace Outbox.Operations.Explaining;

/// <summary>How far an entity's versions have come on an endpoint where they are in sequence.</summary>
/// <param name="Sequence">The sequence.</param>
/// <param name="Version">The version that was processed last, or given up.</param>
/// <param name="Waits">Whether later ones wait for the next.</param>
public sealed record TracedSequence(Sequence Sequence, long Version, bool Waits)
{
    /// <summary>The first version that waits.</summary>
    public long? FirstWaiting { get; init; }

    /// <summary>Since when.</summary>
    public DateTimeOffset? WaitsSince { get; init; }

    /// <summary>Until when it does, if not for ever.</summary>
    public DateTimeOffset? Deadline { get; init; }

    /// <summary>The versions that the owner was asked for last, if it was.</summary>
    public (long From, long To)? Asked { get; init; }

    /// <summary>How often it was.</summary>
    public int Asks { get; init; }

    /// <summary>When it was asked last.</summary>
    public DateTimeOffset? AskedAt { get; init; }
}
