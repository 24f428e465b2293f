namespace Outbox.Inbox;

/// <summary>How often a message's consumer was started, and what came of it; a payload of the receive context.</summary>
/// <param name="earlyMessagesWait">Whether the transport has messages of a sequence wait that came too early. Otherwise they fail.</param>
public sealed class InboxAttempts(bool earlyMessagesWait = false)
{
    private readonly Lock _gate = new();
    private Dictionary<string, int>? _shared;
    private int _count;

    /// <summary>The attempts so far; where the message has several consumers, those of the one that had most.</summary>
    public int Count => Volatile.Read(ref _count);

    /// <summary>What came of the last one; <see langword="null"/> if it failed, or had no inbox. Of several consumers, what matters most to the message.</summary>
    public InboxOutcome? Outcome { get; private set; }

    /// <summary>Why the last one failed.</summary>
    public Exception? Error { get; private set; }

    internal bool EarlyMessagesWait => earlyMessagesWait;

    internal void Begin(InboxRecord? record = null)
    {
        if (record is not { IsShared: true, Consumer: { } consumer })
        {
            Interlocked.Increment(ref _count);
            Outcome = null;
            return;
        }

        lock (_gate)
        {
            var attempts = (_shared ??= []).GetValueOrDefault(consumer) + 1;
            _shared[consumer] = attempts;
            _count = Math.Max(_count, attempts);
        }
    }

    internal void End(InboxOutcome outcome)
    {
        lock (_gate)
        {
            Outcome = _shared is null || Outcome is not { } other || Weight(outcome) > Weight(other) ? outcome : other;
        }
    }

    internal void Fail(Exception error) => Error = error;

    private static int Weight(InboxOutcome outcome) => outcome switch
    {
        InboxOutcome.Duplicate => 0,
        InboxOutcome.Stale => 1,
        InboxOutcome.Processed => 2,
        InboxOutcome.ProcessedAndAwaited => 3,
        _ => 4,
    };
}
