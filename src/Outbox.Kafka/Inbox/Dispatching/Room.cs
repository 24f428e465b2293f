using Outbox.Kafka.Inbox.Way;

namespace Outbox.Kafka.Inbox.Dispatching;

/// <summary>How much may be in memory, in messages and in bytes, and how much is.</summary>
internal sealed class Room(int messages, long bytes)
{
    private readonly Lock _gate = new();

    /// <summary>A batch takes long, so whoever waits for it does not spin.</summary>
    private readonly ManualResetEventSlim _free = new(initialState: true, spinCount: 0);

    private int _messages;
    private long _bytes;

    /// <summary>How many messages wait or run.</summary>
    public int Messages => Volatile.Read(ref _messages);

    public bool IsFull => !_free.IsSet;

    public bool IsHalfEmpty => Volatile.Read(ref _messages) <= messages / 2 && Volatile.Read(ref _bytes) <= bytes / 2;

    public void Take(Passage message) => Change(1, message.Record.Size);

    public void Leave(Passage message) => Change(-1, -message.Record.Size);

    /// <summary>All at once: whoever waits for room is woken once.</summary>
    public void Leave(IReadOnlyCollection<Passage> messages) => Change(-messages.Count, -messages.Sum(message => message.Record.Size));

    /// <summary>Blocks until there is room.</summary>
    /// <returns>Whether there is; not if the time is over or the endpoint stops.</returns>
    public bool Wait(TimeSpan timeout, CancellationToken stopping)
    {
        try
        {
            return _free.Wait(timeout, stopping);
        }
        catch (OperationCanceledException)
        {
            return false;
        }
    }

    private void Change(int by, long size)
    {
        lock (_gate)
        {
            _messages += by;
            _bytes += size;
            var isFull = _messages >= messages || _bytes >= bytes;
            if (isFull == _free.IsSet)
            {
                Toggle(isFull);
            }
        }
    }

    private void Toggle(bool isFull)
    {
        if (isFull)
        {
            _free.Reset();
        }
        else
        {
            _free.Set();
        }
    }
}
