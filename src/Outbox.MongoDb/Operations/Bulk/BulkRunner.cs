using Microsoft.Extensions.Logging;
using Outbox.MongoDb.Delivery.Parking;
using Outbox.MongoDb.Inbox.Operations;
using Outbox.MongoDb.Sessions;
using Outbox.Operations.Bulk;

namespace Outbox.MongoDb.Operations.Bulk;

/// <summary>Takes operations that nobody works on, and works on them.</summary>
internal sealed class BulkRunner(OperationStore store, ShortTransactions transactions, BulkSides sides, TimeProvider time, ILogger<BulkRunner> logger) : IBulkWork
{
    /// <inheritdoc/>
    public async Task<bool> RunNextAsync(CancellationToken cancellationToken) =>
        await store.NextAsync(cancellationToken).ConfigureAwait(false) is { } id && await TryRunAsync(id, cancellationToken).ConfigureAwait(false);

    /// <returns>Whether it was this instance's to work on.</returns>
    public async Task<bool> TryRunAsync(string id, CancellationToken cancellationToken)
    {
        if (await store.TakeAsync(id, cancellationToken).ConfigureAwait(false) is not { } held)
        {
            return false;
        }

        logger.BulkBegins(id, held.Operation.Request.Action, held.Operation.Total, held.Operation.Done);
        try
        {
            await new BulkRun(store, transactions, sides.Of(held.Operation.Request), held, time).RunAsync(cancellationToken).ConfigureAwait(false);
            logger.BulkEnded(id);
        }
        catch (OperationLostException)
        {
            logger.BulkLost(id);
        }
        catch (Exception error)
        {
            await LeaveAsync(held, cancellationToken.IsCancellationRequested ? null : error).ConfigureAwait(false);
            throw;
        }

        return true;
    }

    /// <summary>Another instance goes on: at once where this one stops, and after a lease where it failed.</summary>
    private async Task LeaveAsync(HeldOperation held, Exception? error)
    {
        try
        {
            using var soon = new CancellationTokenSource(store.Lease, time);
            await store.ReleaseAsync(held, error?.Message, soon.Token).ConfigureAwait(false);
        }
        catch (Exception notLeft)
        {
            logger.BulkNotLeft(notLeft, held.Id, store.Lease);
        }
    }
}
