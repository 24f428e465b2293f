namespace Outbox.Inbox;

/// <summary>How often a message's consumer was started, and what came of it; a payload of the receive context.</summary>
/// <param name="earlyMessagesWait">Whether the transport has messages of a sequence wait that came too early. Otherwise they fail.</param>
public sealed class InboxAttempts(bool earlyMessagesWait = false)
{
    private int _count;

    /// <summary>The attempts so far.</summary>
    public int Count => Volatile.Read(ref _count);

    /// <summary>What came of the last one; <see langword="null"/> if it failed, or had no inbox.</summary>
    public InboxOutcome? Outcome { get; private set; }

    internal bool EarlyMessagesWait => earlyMessagesWait;

    internal void Begin()
    {
        Interlocked.Increment(ref _count);
        Outcome = null;
    }

    internal void End(InboxOutcome outcome) => Outcome = outcome;
}
