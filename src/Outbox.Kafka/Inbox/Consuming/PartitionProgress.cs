using Confluent.Kafka;

namespace Outbox.Kafka.Inbox.Consuming;

/// <summary>
/// What is read of one assigned partition and not committed yet. Messages finish in any order; an offset may be committed only when all before it are done.
/// </summary>
internal sealed class PartitionProgress(TopicPartition position)
{
    private readonly Lock _gate = new();
    private readonly Queue<OpenOffset> _open = new();
    private readonly CancellationTokenSource _closing = new();
    private readonly CancellationTokenSource _abandoned = new();
    private readonly TaskCompletionSource _idle = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private int _running;
    private bool _closed;
    private long _next = Offset.Unset;
    private int _finished;

    public TopicPartition Position => position;

    /// <summary>Whether reading is paused. For the consuming thread alone.</summary>
    public bool Paused { get; set; }

    /// <summary>Cancelled when the partition is being taken away: what only waits shall wait no longer.</summary>
    public CancellationToken Closing => _closing.Token;

    /// <summary>Cancelled when the partition is gone and its messages shall stop.</summary>
    public CancellationToken Abandoned => _abandoned.Token;

    public OpenOffset Begin(long offset)
    {
        var open = new OpenOffset(offset);
        lock (_gate)
        {
            _open.Enqueue(open);
        }

        return open;
    }

    /// <summary>Starts the work on a message, unless the partition was taken away while the message waited.</summary>
    public bool TryStart()
    {
        lock (_gate)
        {
            if (_closed)
            {
                return false;
            }

            _running++;
            return true;
        }
    }

    public void Stop()
    {
        lock (_gate)
        {
            if (--_running == 0 && _closed)
            {
                _idle.TrySetResult();
            }
        }
    }

    public void Finish(OpenOffset offset)
    {
        lock (_gate)
        {
            offset.Done = true;
            while (_open.TryPeek(out var first) && first.Done)
            {
                _next = _open.Dequeue().Value + 1;
                _finished++;
            }
        }
    }

    /// <summary>The offset to commit, if it has moved since it was last taken, and how many messages it moved by.</summary>
    public TopicPartitionOffset? TakeFinished(out int messages)
    {
        lock (_gate)
        {
            messages = _finished;
            _finished = 0;
            return messages == 0 ? null : new TopicPartitionOffset(position, _next);
        }
    }

    /// <summary>Lets no further message start.</summary>
    /// <returns>Ends when those that run have stopped.</returns>
    public Task CloseAsync()
    {
        lock (_gate)
        {
            _closed = true;
            if (_running == 0)
            {
                _idle.TrySetResult();
            }
        }

        _closing.Cancel();
        return _idle.Task;
    }

    public void Abandon() => _abandoned.Cancel();
}
