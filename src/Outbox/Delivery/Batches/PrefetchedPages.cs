using Outbox.Messages;

namespace Outbox.Delivery.Batches;

/// <summary>Reads the next page while the caller works on the last.</summary>
internal sealed class PrefetchedPages : IAsyncDisposable
{
    private readonly CancellationTokenSource _stop;
    private readonly IAsyncEnumerator<IReadOnlyList<OutboxMessage>> _pages;
    private Task<bool> _next;

    public PrefetchedPages(IOutboxReader reader, SweepRequest request, CancellationToken cancellationToken)
    {
        _stop = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        _pages = reader.SweepAsync(request, _stop.Token).GetAsyncEnumerator(_stop.Token);
        _next = _pages.MoveNextAsync().AsTask();
    }

    /// <summary>The next page, or <see langword="null"/> after the last.</summary>
    public async Task<IReadOnlyList<OutboxMessage>?> TakeAsync()
    {
        if (!await _next.ConfigureAwait(false))
        {
            return null;
        }

        var page = _pages.Current;
        _next = _pages.MoveNextAsync().AsTask();
        return page;
    }

    public async ValueTask DisposeAsync()
    {
        await _stop.CancelAsync().ConfigureAwait(false);
        await ((Task)_next).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        await _pages.DisposeAsync().ConfigureAwait(false);
        _stop.Dispose();
    }
}
