using Outbox.Messages;

namespace Outbox.Delivery.Batches;

/// <summary>Reads the next page while the caller works on the last, unless the last is so large that two at once would be too much.</summary>
internal sealed class PrefetchedPages : IAsyncDisposable
{
    private readonly CancellationTokenSource _stop;
    private readonly IAsyncEnumerator<IReadOnlyList<OutboxMessage>> _pages;
    private readonly int _byteLimit;
    private Task<bool>? _next;

    public PrefetchedPages(
        Func<CancellationToken, IAsyncEnumerable<IReadOnlyList<OutboxMessage>>> read, int byteLimit, CancellationToken cancellationToken)
    {
        _byteLimit = byteLimit;
        _stop = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        _pages = read(_stop.Token).GetAsyncEnumerator(_stop.Token);
    }

    /// <summary>The next page, or <see langword="null"/> after the last.</summary>
    public async Task<IReadOnlyList<OutboxMessage>?> TakeAsync()
    {
        _next ??= _pages.MoveNextAsync().AsTask();
        if (!await _next.ConfigureAwait(false))
        {
            return null;
        }

        var page = _pages.Current;
        _next = page.Sum(message => (long)(message.Payload?.Length ?? 0)) > _byteLimit ? null : _pages.MoveNextAsync().AsTask();
        return page;
    }

    public async ValueTask DisposeAsync()
    {
        await _stop.CancelAsync().ConfigureAwait(false);
        if (_next is not null)
        {
            await ((Task)_next).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }

        await _pages.DisposeAsync().ConfigureAwait(false);
        _stop.Dispose();
    }
}
