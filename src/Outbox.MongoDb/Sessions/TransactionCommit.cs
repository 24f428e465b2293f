using System.Diagnostics;
using MongoDB.Driver;
using MongoDB.Driver.Core.Clusters;

namespace Outbox.MongoDb.Sessions;

/// <summary>
/// Commits, and asks again as long as nobody knows what became of it. The driver does so too, but not where a commit got no connection to be sent on (see <see cref="MongoErrors.IsUnsent"/>): it then throws, while
/// the transaction is open on the server, which keeps its documents for a minute; nor where the command was interrupted (see <see cref="MongoErrors.IsInterrupted"/>).
/// </summary>
internal static class TransactionCommit
{
    /// <summary>The driver's own limit for a transaction with all its repetitions.</summary>
    private static readonly TimeSpan Limit = TimeSpan.FromMinutes(2);

    /// <summary>What a server that refuses at once is spared.</summary>
    private static readonly (TimeSpan First, TimeSpan Longest) Pause = (TimeSpan.FromMilliseconds(20), TimeSpan.FromMilliseconds(500));

    /// <summary>Commits; the same commit once more is no other one.</summary>
    /// <param name="session">In a transaction.</param>
    /// <param name="started">When the first attempt of the transaction began, as <see cref="Stopwatch.GetTimestamp"/> gives it: two minutes later an error is thrown.</param>
    /// <param name="cancellationToken">Gives it up.</param>
    /// <exception cref="MongoException">It was not committed, or (<see cref="TransactionLabels.UnknownCommit"/>) nobody knows.</exception>
    public static async Task CommitAsync(this IClientSessionHandle session, long started, CancellationToken cancellationToken)
    {
        var wasSent = false;
        for (var pause = Pause.First; ; pause = TimeSpan.FromTicks(Math.Min(2 * pause.Ticks, Pause.Longest.Ticks)))
        {
            try
            {
                await session.CommitTransactionAsync(cancellationToken).ConfigureAwait(false);
                return;
            }
            catch (MongoException error) when (!wasSent && IsPinned(session) && MongoErrors.IsUnsent(error, session))
            {
                // Only a transaction that is run again can choose another router.
                error.AddErrorLabel(TransactionLabels.Transient);
                throw;
            }
            catch (Exception error) when (IsOpen(error) && Stopwatch.GetElapsedTime(started) < Limit)
            {
                wasSent |= IsUnknown(error) || MongoErrors.IsInterrupted(error);
                await Task.Delay(pause, TimeProvider.System, cancellationToken).ConfigureAwait(false);
            }
        }
    }

    private static bool IsOpen(Exception error) => IsUnknown(error) || MongoErrors.IsPassing(error) || MongoErrors.IsInterrupted(error);

    private static bool IsUnknown(Exception error) => (error as MongoException)?.HasErrorLabel(TransactionLabels.UnknownCommit) == true;

    private static bool IsPinned(IClientSession session) => session.Client.Cluster.Description.Type == ClusterType.Sharded;
}
