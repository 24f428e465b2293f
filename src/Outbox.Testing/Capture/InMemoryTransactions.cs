using Microsoft.Extensions.Options;
using Outbox.Capture;
using Outbox.Delivery;
using Outbox.Testing.Store;

namespace Outbox.Testing.Capture;

/// <summary>Runs transactions: what they captured is stored when, and only when, they end well.</summary>
internal sealed class InMemoryTransactions(
    InMemoryStore store, InMemoryHistory history, InMemoryClaims claims, IOptions<OutboxOptions> options, RelaySignal signal)
{
    public TimeProvider Time => claims.Time;

    public OutboxOptions Options => options.Value;

    /// <param name="cause">The message being consumed.</param>
    /// <param name="body">The work.</param>
    /// <param name="commit">What is stored together with the messages, and says what the transaction came to.</param>
    /// <param name="cancellationToken">Cancels the work.</param>
    public async Task<TResult> RunAsync<T, TResult>(
        Cause? cause, Func<IOutboxTransaction, CancellationToken, Task<T>> body, Func<Tables, T, TResult> commit, CancellationToken cancellationToken)
    {
        while (true)
        {
            var transaction = history.Begin(new CaptureBuffer(history.Messages, options.Value, Time) { Cause = cause });
            try
            {
                return await AttemptAsync(transaction, body, commit, cancellationToken).ConfigureAwait(false);
            }
            catch (WriteConflictException)
            {
                // As a database does: another transaction was faster, and this one runs again on what that one left.
            }
            finally
            {
                transaction.Buffer.End();
            }
        }
    }

    private async Task<TResult> AttemptAsync<T, TResult>(
        InMemoryTransaction transaction, Func<IOutboxTransaction, CancellationToken, Task<T>> body, Func<Tables, T, TResult> commit, CancellationToken cancellationToken)
    {
        T value;
        using (AmbientTransaction.Enter(transaction))
        {
            value = await body(transaction, cancellationToken).ConfigureAwait(false);
        }

        var captured = transaction.Buffer.Seal();
        cancellationToken.ThrowIfCancellationRequested();
        var result = store.Run(tables =>
        {
            var kept = history.Check(tables, transaction.Buffer.Heads, captured);
            tables.Capture(captured, message => claims.Deposit(tables, message));
            history.Keep(tables, kept);
            return commit(tables, value);
        });
        transaction.Buffer.Commit();
        if (captured.Count > 0)
        {
            signal.Raise();
        }

        await history.CommittedAsync(transaction, cancellationToken).ConfigureAwait(false);
        return result;
    }
}
