namespace Outbox.Operations.Bulk;

/// <summary>
/// Retries or gives up any number of parked messages, or restores what was given up, some at a time, each time in one transaction with the note of how far it is: whatever process dies, another goes on where it was, and no message is
/// taken twice. Within an entity it goes in the order of versions; a restore, backwards. The hosts of the service do the work (<see cref="OutboxOptions.RunBulkOperations"/>); a process without a host calls <see cref="RunAsync"/>.
/// </summary>
public interface IBulkOperations
{
    /// <summary>Starts an operation. It returns at once; an instance of the service begins within seconds.</summary>
    /// <param name="request">What to do.</param>
    /// <param name="cancellationToken">Cancels the call, and not the operation.</param>
    /// <exception cref="OutboxException">The request is not one: it has no filter or two, or an operation of this id does something else.</exception>
    Task<BulkOperation> StartAsync(BulkRequest request, CancellationToken cancellationToken = default);

    /// <summary>An operation and how far it is; <see langword="null"/> if there is none of this id. Those that ended are forgotten after <see cref="OutboxOptions.KeepDiscardedFor"/>.</summary>
    Task<BulkOperation?> GetOperationAsync(string id, CancellationToken cancellationToken = default);

    /// <summary>Lists operations, the latest first, page by page.</summary>
    /// <param name="cursor">Where the page begins: <see cref="Page{T}.Next"/> of the one before; <see langword="null"/> for the first.</param>
    /// <param name="size">The most on the page, from 1 to 1,000.</param>
    /// <param name="cancellationToken">Cancels the call.</param>
    /// <exception cref="OutboxException">The cursor is not one of this list.</exception>
    Task<Page<BulkOperation>> ListOperationsAsync(string? cursor = null, int size = 100, CancellationToken cancellationToken = default);

    /// <summary>Ends an operation that has not ended. What was done stays done; nothing more is after it returned.</summary>
    /// <param name="id">The operation.</param>
    /// <param name="decision">Why, and who.</param>
    /// <param name="cancellationToken">Cancels the call.</param>
    /// <returns>Whether it ended by this.</returns>
    Task<bool> CancelAsync(string id, Decision decision, CancellationToken cancellationToken = default);

    /// <summary>
    /// Works on an operation here until it has ended, or waits for the instance that does, and takes over from it if it dies. For processes without a host, as a command line is.
    /// </summary>
    /// <param name="id">The operation.</param>
    /// <param name="progress">Is told how far it is.</param>
    /// <param name="cancellationToken">Leaves the operation to others; it does not end it.</param>
    /// <returns>The operation as it ended.</returns>
    /// <exception cref="OutboxException">There is none of this id.</exception>
    Task<BulkOperation> RunAsync(string id, IProgress<BulkOperation>? progress = null, CancellationToken cancellationToken = default);
}
