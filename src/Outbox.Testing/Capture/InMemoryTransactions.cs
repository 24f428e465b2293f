using Microsoft.Extensions.Options;
using Outbox.Capture;
using Outbox.Delivery;
using Outbox.Messages;
using Outbox.Messages.Registration;
using Outbox.Testing.Store;

namespace Outbox.Testing.Capture;

/// <summary>Runs transactions: what they captured is stored when, and only when, they end well.</summary>
internal sealed class InMemoryTransactions(
    InMemoryStore store, MessageRegistry registry, IOptions<OutboxOptions> options, TimeProvider time, RelaySignal signal)
{
    public TimeProvider Time => time;

    public OutboxOptions Options => options.Value;

    /// <param name="cause">The message being consumed.</param>
    /// <param name="body">The work.</param>
    /// <param name="commit">What is stored together with the messages, and says what the transaction came to.</param>
    /// <param name="cancellationToken">Cancels the work.</param>
    public async Task<TResult> RunAsync<T, TResult>(
        Cause? cause, Func<IOutboxTransaction, CancellationToken, Task<T>> body, Func<Tables, T, TResult> commit, CancellationToken cancellationToken)
    {
        var transaction = new InMemoryTransaction(new CaptureBuffer(registry, options.Value, time) { Cause = cause });
        try
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
                tables.Capture(captured);
                return commit(tables, value);
            });
            if (captured.Count > 0)
            {
                signal.Raise();
            }

            return result;
        }
        finally
        {
            transaction.Buffer.End();
        }
    }
}
