using System.Diagnostics;
using MongoDB.Driver;

namespace Outbox.MongoDb.Sessions;

/// <summary>
/// Commits, and asks again as long as nobody knows what became of it. The driver does so too, but not where a commit got no connection to be sent on (see <see cref="MongoErrors.IsUnsent"/>): it then throws, while
/// the transaction is open on the server, which keeps its documents for a minute.
/// </summary>
internal static class TransactionCommit
{
    /// <summary>The driver's own limit for a transaction with all its repetitions.</summary>
    private static readonly TimeSpan Limit = TimeSpan.FromMinutes(2);

    /// <summary>What a server that refuses at once is spared.</summary>
    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(20);

    /// <summary>Commits; the same commit once more is no other one.</summary>
    /// <param name="session">In a transaction.</param>
    /// <param name="started">When the first attempt of the transaction began, as <see cref="Stopwatch.GetTimestamp"/> gives it: two minutes later the error is thrown.</param>
    /// <param name="cancellationToken">Gives it up.</param>
    /// <exception cref="MongoException">It was not committed, or (<see cref="TransactionLabels.UnknownCommit"/>) nobody knows.</exception>
    public static async Task CommitAsync(this IClientSessionHandle session, long started, CancellationToken cancellationToken)
    {
        while (true)
        {
            try
            {
                await session.CommitTransactionAsync(cancellationToken).ConfigureAwait(false);
                return;
            }
            catch (Exception error) when (IsOpen(error) && Stopwatch.GetElapsedTime(started) < Limit)
            {
                await Task.Delay(Pause, TimeProvider.System, cancellationToken).ConfigureAwait(false);
            }
        }
    }

    private static bool IsOpen(Exception error) => (error as MongoException)?.HasErrorLabel(TransactionLabels.UnknownCommit) == true || MongoErrors.IsPassing(error);
}
