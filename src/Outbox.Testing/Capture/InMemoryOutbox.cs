using Outbox.Capture;

namespace Outbox.Testing.Capture;

/// <summary>The outbox on transactions in memory.</summary>
internal sealed class InMemoryOutbox(InMemoryTransactions transactions) : IOutbox
{
    /// <inheritdoc/>
    public Task ExecuteAsync(Func<IOutboxTransaction, CancellationToken, Task> callback, CancellationToken cancellationToken = default) =>
        ExecuteAsync(
            async (transaction, token) =>
            {
                await callback(transaction, token).ConfigureAwait(false);
                return true;
            },
            cancellationToken);

    /// <inheritdoc/>
    public Task<T> ExecuteAsync<T>(Func<IOutboxTransaction, CancellationToken, Task<T>> callback, CancellationToken cancellationToken = default) =>
        AmbientTransaction.Current is { } current
            ? AmbientTransaction.JoinAsync(current, callback, cancellationToken)
            : transactions.RunAsync(cause: null, callback, (_, value) => value, cancellationToken);
}
