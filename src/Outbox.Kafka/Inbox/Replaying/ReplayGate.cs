using Outbox.Inbox.Replaying;
using Outbox.Kafka.Inbox.Way;

namespace Outbox.Kafka.Inbox.Replaying;

/// <summary>
/// Lets an endpoint of this process consume, or not: it is open unless the endpoint's replay wants all to stop, and closed until somebody has looked. What consumes holds an <see cref="Opening"/>; when all are given back,
/// the endpoint has stopped.
/// </summary>
internal sealed class ReplayGate
{
    private readonly Lock _gate = new();
    private TaskCompletionSource _opened = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private CancellationTokenSource _closing = new();
    private int _open;
    private volatile EndpointReplay? _replay;

    /// <param name="isOpen">Whether nobody will ever look, because the store knows no replays.</param>
    public ReplayGate(bool isOpen)
    {
        if (isOpen)
        {
            _opened.SetResult();
        }
    }

    /// <summary>Whether the endpoint may consume.</summary>
    public bool IsOpen
    {
        get
        {
            lock (_gate)
            {
                return _opened.Task.IsCompleted;
            }
        }
    }

    /// <summary>Whether nothing consumes, and nothing may begin to.</summary>
    public bool HasStopped
    {
        get
        {
            lock (_gate)
            {
                return _open == 0 && !_opened.Task.IsCompleted;
            }
        }
    }

    /// <summary>How a message is to be taken.</summary>
    public ReplayScope? ScopeOf(Passage message)
    {
        var position = message.Record.Position;
        var scope = _replay?.ScopeOf(position.Topic, position.Partition, position.Offset);

        // What is parked has a committed offset too, and its own record, if any, says what was done with it.
        return scope is not null && message.Parked is not null ? scope with { WasCommitted = false } : scope;
    }

    /// <summary>The endpoint starts: what was seen before it was stopped does not count any more.</summary>
    public void Close()
    {
        lock (_gate)
        {
            if (_opened.Task.IsCompleted)
            {
                _opened = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
            }
        }
    }

    /// <summary>Somebody has looked.</summary>
    public void Show(EndpointReplay? replay)
    {
        CancellationTokenSource? closing = null;
        lock (_gate)
        {
            _replay = replay;
            if (replay is null or { MayConsume: true })
            {
                _opened.TrySetResult();
            }
            else if (_opened.Task.IsCompleted)
            {
                (closing, _closing) = (_closing, new CancellationTokenSource());
                _opened = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
            }
        }

        closing?.Cancel();
    }

    /// <returns>Whether there is an opening now.</returns>
    public Opening? TryEnter(CancellationToken stopping)
    {
        lock (_gate)
        {
            if (!_opened.Task.IsCompleted)
            {
                return null;
            }

            _open++;
            return new Opening(this, CancellationTokenSource.CreateLinkedTokenSource(_closing.Token, stopping));
        }
    }

    /// <summary>Blocks until there is an opening.</summary>
    /// <returns><see langword="null"/> when the endpoint stops before.</returns>
    public Opening? Enter(CancellationToken stopping)
    {
        while (!stopping.IsCancellationRequested)
        {
            if (TryEnter(stopping) is { } opening)
            {
                return opening;
            }

            Task opened;
            lock (_gate)
            {
                opened = _opened.Task;
            }

            opened.WaitAsync(stopping).ContinueWith(static _ => { }, CancellationToken.None, TaskContinuationOptions.ExecuteSynchronously, TaskScheduler.Default).Wait(CancellationToken.None);
        }

        return null;
    }

    private void Leave()
    {
        lock (_gate)
        {
            _open--;
        }
    }

    /// <summary>A time in which the endpoint consumes.</summary>
    /// <param name="gate">The gate.</param>
    /// <param name="ending">Ends it.</param>
    internal sealed class Opening(ReplayGate gate, CancellationTokenSource ending) : IDisposable
    {
        /// <summary>Cancelled when it is over.</summary>
        public CancellationToken Ending => ending.Token;

        public void Dispose()
        {
            ending.Dispose();
            gate.Leave();
        }
    }
}
