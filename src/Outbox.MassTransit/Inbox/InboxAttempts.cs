namespace Outbox.Inbox;

/// <summary>How often a message's consumer was started; a payload of the receive context.</summary>
public sealed class InboxAttempts
{
    private int _count;

    /// <summary>The attempts so far.</summary>
    public int Count => Volatile.Read(ref _count);

    internal void Add() => Interlocked.Increment(ref _count);
}
