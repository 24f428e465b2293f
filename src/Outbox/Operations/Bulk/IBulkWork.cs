namespace Outbox.Operations.Bulk;

/// <summary>Bulk operations that wait for an instance.</summary>
internal interface IBulkWork
{
    /// <summary>Works on the next one until it has ended.</summary>
    /// <returns>Whether there was one.</returns>
    Task<bool> RunNextAsync(CancellationToken cancellationToken);
}
