namespace Outbox.Statistics;

/// <summary>What there is in the store, at a cost that does not grow with it.</summary>
internal interface IOutboxStatistics
{
    /// <summary>Looks. What is not known within <paramref name="limit"/>, for each query, is left out and named.</summary>
    Task<OutboxStatistics> ReadAsync(TimeSpan limit, CancellationToken cancellationToken);

    /// <summary>Whether no relay has a lane.</summary>
    Task<bool> IsFreeAsync(int lane, TimeSpan limit, CancellationToken cancellationToken);
}
