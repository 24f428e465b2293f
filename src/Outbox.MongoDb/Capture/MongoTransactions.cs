using System.Runtime.ExceptionServices;
using MongoDB.Driver;
using Outbox.Capture;
using Outbox.MongoDb.Sessions;

namespace Outbox.MongoDb.Capture;

/// <summary>Runs transactions with the driver's retries, and commits captured messages with them.</summary>
internal sealed class MongoTransactions(
    OutboxCollections collections, TransactionSessions sessions, TransactionStart start, MessageStore messages, TransactionEnd end)
{
    private static readonly TransactionOptions Options = new(ReadConcern.Snapshot, ReadPreference.Primary, WriteConcern.WMajority);

    static MongoTransactions() => TransactionErrors.Watch();

    public async Task<T> RunAsync<T>(Cause? cause, Func<MongoOutboxTransaction, CancellationToken, Task<T>> body, CancellationToken cancellationToken)
    {
        using var session = await sessions.StartAsync(cancellationToken).ConfigureAwait(false);
        MongoOutboxTransaction? last = null;
        var result = await session.Handle.RunTransactionAsync(
            async (handle, token) =>
            {
                var transaction = last = start.Begin(handle, cause);
                try
                {
                    return await AttemptAsync(transaction, body, token).ConfigureAwait(false);
                }
                catch (MongoException error) when (TransactionErrors.CauseOf(error, transaction) is { } first)
                {
                    throw first;
                }
                catch (Exception error) when (TransactionErrors.WrappedTransient(error, handle) is { } conflict)
                {
                    // The driver looks at the error itself, and sagas wrap what fails in them.
                    ExceptionDispatchInfo.Capture(conflict).Throw();
                    throw;
                }
                finally
                {
                    transaction.Buffer.End();
                }
            },
            Options,
            cancellationToken).ConfigureAwait(false);
        await end.CommittedAsync(last!, cancellationToken).ConfigureAwait(false);
        return result;
    }

    private async Task<T> AttemptAsync<T>(
        MongoOutboxTransaction transaction, Func<MongoOutboxTransaction, CancellationToken, Task<T>> body, CancellationToken cancellationToken)
    {
        T value;
        using (AmbientTransaction.Enter(transaction))
        {
            value = await body(transaction, cancellationToken).ConfigureAwait(false);
        }

        if (TransactionErrors.WronglyCaught(transaction) is { } caught)
        {
            ExceptionDispatchInfo.Capture(caught).Throw();
        }

        var captured = transaction.Buffer.Seal();
        await TransactionErrors.ProbeAsync(collections, transaction, cancellationToken).ConfigureAwait(false);
        await messages.InsertAsync(transaction.Handle, captured, transaction.Buffer.Heads, blocking: false, cancellationToken).ConfigureAwait(false);
        return value;
    }
}
