namespace Outbox.Inbox;

/// <summary>What the inbox did with a message.</summary>
public enum InboxOutcome
{
    /// <summary>The handler ran and its transaction committed.</summary>
    Processed,

    /// <summary>The message was processed before; the handler's effects did not happen again.</summary>
    Duplicate,
}
