namespace Outbox.Inbox;

/// <summary>What the inbox did with a message.</summary>
public enum InboxOutcome
{
    /// <summary>The handler ran and its transaction committed.</summary>
    Processed,

    /// <summary>The message was processed before; the handler's effects did not happen again.</summary>
    Duplicate,

    /// <summary>The handler ran and its transaction committed, and now it is the turn of messages that waited for this one.</summary>
    ProcessedAndAwaited,

    /// <summary>The message's version was left behind: the sequence went on without it. The handler did not run.</summary>
    Stale,

    /// <summary>The message's predecessor has not been processed yet. Nothing happened.</summary>
    Early,
}
