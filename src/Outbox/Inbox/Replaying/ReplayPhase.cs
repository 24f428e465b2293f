namespace Outbox.Inbox.Replaying;

/// <summary>How far a replay of an endpoint is, or a snapshot of it.</summary>
public enum ReplayPhase
{
    /// <summary>All instances stop consuming.</summary>
    Pausing,

    /// <summary>None consumes, and what the replay begins with is being made: offsets, sequences, collections.</summary>
    Resetting,

    /// <summary>All consume, and what was processed before is processed again.</summary>
    Running,

    /// <summary>Everything that was on Kafka when it began has come.</summary>
    Done,
}
