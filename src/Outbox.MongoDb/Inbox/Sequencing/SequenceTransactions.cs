using MongoDB.Driver;

namespace Outbox.MongoDb.Inbox.Sequencing;

/// <summary>Transactions that move a sequence without a message being processed.</summary>
internal sealed class SequenceTransactions(OutboxCollections collections)
{
    private static readonly TransactionOptions Options = new(ReadConcern.Snapshot, ReadPreference.Primary, WriteConcern.WMajority);

    public async Task<T> RunAsync<T>(Func<IClientSessionHandle, CancellationToken, Task<T>> body, CancellationToken cancellationToken)
    {
        using var session = await collections.Database.Client.StartSessionAsync(cancellationToken: cancellationToken).ConfigureAwait(false);
        return await session.WithTransactionAsync(body, Options, cancellationToken).ConfigureAwait(false);
    }
}
