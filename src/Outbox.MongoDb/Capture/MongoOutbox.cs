using MongoDB.Driver;
using Outbox.Capture;
using Outbox.MongoDb.History;
using Outbox.MongoDb.Sessions;

namespace Outbox.MongoDb.Capture;

/// <summary>The outbox on MongoDB transactions.</summary>
internal sealed class MongoOutbox(
    MongoTransactions transactions, CaptureBufferFactory buffers, TransactionSessions sessions, MessageStore messages, HistoryAccess histories) : IOutbox
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
            : transactions.RunAsync(cause: null, callback, cancellationToken);

    public IOutboxTransaction Enlist(IClientSessionHandle session) => session.IsInTransaction
        ? new EnlistedTransaction(session, buffers.Create(cause: null), sessions, messages, histories)
        : throw EnlistedTransaction.NotInTransaction();
}
