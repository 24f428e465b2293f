using MongoDB.Driver;

namespace Outbox.MongoDb.Sessions;

/// <summary>The framework's own transactions, in which no code of a user runs: what moves between collections when a message is parked, retried or waits.</summary>
internal sealed class ShortTransactions(TransactionSessions sessions)
{
    private static readonly TransactionOptions Options = new(ReadConcern.Snapshot, ReadPreference.Primary, WriteConcern.WMajority);

    /// <summary>Runs <paramref name="body"/> in one transaction, again as long as the server asks for it; what it wrote survives a failover.</summary>
    public async Task<T> RunAsync<T>(Func<IClientSessionHandle, CancellationToken, Task<T>> body, CancellationToken cancellationToken)
    {
        using var session = await sessions.StartAsync(cancellationToken).ConfigureAwait(false);
        return await session.Handle.RunTransactionAsync(body, Options, cancellationToken).ConfigureAwait(false);
    }
}
