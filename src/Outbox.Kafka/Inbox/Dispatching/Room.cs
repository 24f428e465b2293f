using Outbox.Kafka.Inbox.Way;

namespace Outbox.Kafka.Inbox.Dispatching;

/// <summary>How much may be in memory, in messages and in bytes, and how much is.</summary>
internal sealed class Room(int messages, long bytes)
{
    private readonly Lock _gate = new();
    private readonly ManualResetEventSlim _free = new(initialState: true);
    private int _messages;
    private long _bytes;

    /// <summary>How many messages wait or run.</summary>
    public int Messages => Volatile.Read(ref _messages);

    public bool IsFull => !_free.IsSet;

    public bool IsHalfEmpty => Volatile.Read(ref _messages) <= messages / 2 && Volatile.Read(ref _bytes) <= bytes / 2;

    public void Take(Passage message) => Change(1, message.Record.Size);

    public void Leave(Passage message) => Change(-1, -message.Record.Size);

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
            if (_messages >= messages || _bytes >= bytes)
            {
                _free.Reset();
            }
            else
            {
                _free.Set();
            }
        }
    }
}
