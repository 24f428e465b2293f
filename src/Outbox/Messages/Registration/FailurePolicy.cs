namespace Outbox.Messages.Registration;

/// <summary>What happens to an entity's later messages when one of its messages cannot be processed. The message itself is parked either way.</summary>
public enum FailurePolicy
{
    /// <summary>They are processed as they come.</summary>
    Continue,

    /// <summary>
    /// They queue behind it, parked in their order, and are processed when it is retried with success or discarded. Other entities go on. Types in sequence always do
    /// this: each of their versions waits for the one before it.
    /// </summary>
    HoldEntity,
}
