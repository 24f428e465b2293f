namespace Outbox.Delivery;

/// <summary>Wakes the relay of this process as soon as a transaction with messages has committed.</summary>
public sealed class RelaySignal
{
    private readonly SemaphoreSlim _raised = new(0, 1);

    /// <summary>There is something to relay. Signals that come before the relay looks again count once.</summary>
    public void Raise()
    {
        lock (_raised)
        {
            if (_raised.CurrentCount == 0)
            {
                _raised.Release();
            }
        }
    }

    /// <summary>Waits for a signal, at most for <paramref name="delay"/>.</summary>
    internal async Task WaitAsync(TimeSpan delay, TimeProvider time, CancellationToken cancellationToken)
    {
        using var timeout = new CancellationTokenSource(delay, time);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(timeout.Token, cancellationToken);
        try
        {
            await _raised.WaitAsync(either.Token).ConfigureAwait(false);
        }
        catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
        {
            // The delay is over: the poll is due.
        }
    }
}
