namespace Outbox.Kafka.Inbox.Way;

/// <summary>How long messages may be worked on: as long as this instance has their partition.</summary>
internal sealed class Lifetime
{
    private readonly Lock _gate = new();
    private readonly CancellationTokenSource _closing = new();
    private readonly CancellationTokenSource _abandoned = new();
    private readonly TaskCompletionSource _idle = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private int _running;
    private bool _closed;

    /// <summary>Cancelled when the partition is being taken away: what only waits shall wait no longer.</summary>
    public CancellationToken Closing => _closing.Token;

    /// <summary>Cancelled when the partition is gone and its messages shall stop.</summary>
    public CancellationToken Abandoned => _abandoned.Token;

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
