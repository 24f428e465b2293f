namespace Outbox.History.Replaying;

/// <summary>How far a replay of a topic's history is.</summary>
public enum HistoryReplayState
{
    /// <summary>It was asked for, and waits for the owner, or there for its turn.</summary>
    Waiting,

    /// <summary>Events are coming.</summary>
    Running,

    /// <summary>Somebody has cancelled it; the instance that runs it stops within a page.</summary>
    Cancelling,

    /// <summary>All events that there were when it began have come.</summary>
    Completed,

    /// <summary>It was cancelled. Some events have come.</summary>
    Cancelled,

    /// <summary>The owner does not do it.</summary>
    Refused,

    /// <summary>An event cannot be published there, however often it is tried.</summary>
    Failed,
}
