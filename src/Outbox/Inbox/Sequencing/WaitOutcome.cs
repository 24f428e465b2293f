namespace Outbox.Inbox.Sequencing;

/// <summary>What became of a message that came too early.</summary>
public enum WaitOutcome
{
    /// <summary>It waits.</summary>
    Waiting,

    /// <summary>Its predecessor has come in the meantime: process it now.</summary>
    Ready,

    /// <summary>No more messages may wait; it does not.</summary>
    Full,
}
