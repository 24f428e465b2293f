using System.Diagnostics;
using MongoDB.Driver;

namespace Outbox.MongoDb.Sessions;

/// <summary>
/// Runs transactions whose ends a caller cannot cancel. The driver takes one token for the callback, the commit and the abort; a commit or an abort that is cancelled before it is sent leaves the transaction
/// open on the server, which keeps its documents for a minute (<c>transactionLifetimeLimitSeconds</c>).
/// </summary>
internal static class EndedTransactions
{
    /// <summary>Runs <paramref name="body"/> in one transaction, again as long as the server asks for it and the caller waits.</summary>
    /// <exception cref="OperationCanceledException">The caller went away before the commit; nothing was written.</exception>
    public static async Task<T> RunTransactionAsync<T>(
        this IClientSessionHandle session, Func<IClientSessionHandle, CancellationToken, Task<T>> body, TransactionOptions options, CancellationToken cancellationToken)
    {
        using var end = new TransactionEnding(cancellationToken);
        var started = Stopwatch.GetTimestamp();
        return await session.WithTransactionAsync(
            async (handle, ending) =>
            {
                cancellationToken.ThrowIfCancellationRequested();
                var result = await AttemptAsync(handle, body, cancellationToken).ConfigureAwait(false);
                await handle.CommitAsync(started, ending).ConfigureAwait(false);
                return result;
            },
            options,
            end.Token).ConfigureAwait(false);
    }

    private static async Task<T> AttemptAsync<T>(IClientSessionHandle session, Func<IClientSessionHandle, CancellationToken, Task<T>> body, CancellationToken cancellationToken)
    {
        try
        {
            return await body(session, cancellationToken).ConfigureAwait(false);
        }
        catch (MongoException error) when (MongoErrors.MayRunAgain(error, session))
        {
            // The driver runs again what has the label.
            error.AddErrorLabel(TransactionLabels.Transient);
            throw;
        }
    }
}
