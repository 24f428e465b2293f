namespace Outbox.Kafka.Delivery.Sending;

/// <summary>
/// Lets one at a time use a sender's producer, and ends the producer in turn, when nobody does: a client that is used while it ends takes the process with it.
/// </summary>
/// <param name="end">Ends the producer.</param>
internal sealed class Turn(Func<Task> end)
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(2);
    private readonly SemaphoreSlim _turn = new(1, 1);
    private volatile bool _isEnded;

    /// <summary>Whether nobody may begin any more.</summary>
    public bool IsEnded => _isEnded;

    public async Task<T> TakeAsync<T>(Func<Task<T>> use, CancellationToken cancellationToken)
    {
        await _turn.WaitAsync(cancellationToken).ConfigureAwait(false);
        try
        {
            return await use().ConfigureAwait(false);
        }
        finally
        {
            await LeaveAsync().ConfigureAwait(false);
        }
    }

    /// <summary>Nobody may begin any more. Whoever has the turn is waited for briefly; where that is not enough, the producer ends when it comes back.</summary>
    public async Task EndAsync()
    {
        Close();
        if (await _turn.WaitAsync(Patience).ConfigureAwait(false))
        {
            await LeaveAsync().ConfigureAwait(false);
        }
    }

    /// <summary>Nobody may begin any more.</summary>
    public void Close() => _isEnded = true;

    private async Task LeaveAsync()
    {
        if (_isEnded)
        {
            await end().ConfigureAwait(false);
        }

        _turn.Release();
    }
}
