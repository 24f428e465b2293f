using MongoDB.Driver;
using Outbox.Capture;
using Outbox.Delivery;
using Outbox.MongoDb.Sessions;

namespace Outbox.MongoDb.Capture;

/// <summary>Runs transactions with the driver's retries, and commits captured messages with them.</summary>
internal sealed class MongoTransactions(
    OutboxCollections collections, TransactionSessions sessions, CaptureBufferFactory buffers, EntityVersions versions, RelaySignal signal)
{
    private static readonly TransactionOptions Options = new(ReadConcern.Snapshot, ReadPreference.Primary, WriteConcern.WMajority);

    public async Task<T> RunAsync<T>(Cause? cause, Func<MongoOutboxTransaction, CancellationToken, Task<T>> body, CancellationToken cancellationToken)
    {
        using var session = await sessions.StartAsync(cancellationToken).ConfigureAwait(false);
        var captured = 0;
        var result = await session.Handle.WithTransactionAsync(
            async (handle, token) =>
            {
                var transaction = new MongoOutboxTransaction(handle, buffers.Create(cause));
                try
                {
                    var value = await AttemptAsync(transaction, body, token).ConfigureAwait(false);
                    captured = transaction.Buffer.Messages.Count;
                    return value;
                }
                finally
                {
                    transaction.End();
                }
            },
            Options,
            cancellationToken).ConfigureAwait(false);
        if (captured > 0)
        {
            signal.Raise();
        }

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

        if (transaction.Buffer.Messages.Count > 0)
        {
            var messages = await versions.AssignAsync(transaction, cancellationToken).ConfigureAwait(false);
            await collections.Outbox.InsertManyAsync(transaction.Session, messages, cancellationToken: cancellationToken).ConfigureAwait(false);
        }

        return value;
    }
}
