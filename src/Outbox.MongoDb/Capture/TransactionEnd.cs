using Outbox.Delivery;
using Outbox.History.Keeping;

namespace Outbox.MongoDb.Capture;

/// <summary>What follows a commit.</summary>
internal sealed class TransactionEnd(RelaySignal signal, Snapshots snapshots)
{
    public async Task CommittedAsync(MongoOutboxTransaction transaction, CancellationToken cancellationToken)
    {
        transaction.Buffer.Commit();
        if (transaction.Buffer.Messages.Count > 0)
        {
            signal.Raise();
        }

        await snapshots.TakeDueAsync(transaction.DueSnapshots, cancellationToken).ConfigureAwait(false);
    }
}
