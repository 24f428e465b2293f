namespace Outbox.Operations.Seeing;

/// <summary>
/// How an outbox and its inbox are, as the service's database says: what waits, who works, and whether that is as it should be. It may be asked from any process. Its times are the database server's, its counts
/// go up to a limit, and its cost does not grow with what is pending or parked.
/// </summary>
public interface IOutboxOverview
{
    /// <summary>How far counts go: what is at it is at least so much.</summary>
    public const int MostCounted = 10_000;

    /// <summary>Looks at all of it, and judges.</summary>
    /// <param name="request">How long it may take, and what is bad.</param>
    /// <param name="cancellationToken">Cancels the call.</param>
    /// <returns>What was seen. What is not known within the time is <see langword="null"/>, and named in <see cref="Overview.Unknown"/>.</returns>
    Task<Overview> ReadAsync(OverviewRequest? request = null, CancellationToken cancellationToken = default);

    /// <summary>Lists the lanes by their numbers: who publishes them, and how many messages wait in each, up to <see cref="MostCounted"/>.</summary>
    Task<IReadOnlyList<LaneStatus>> ListLanesAsync(CancellationToken cancellationToken = default);

    /// <summary>Lists the processes of the service by their names, at most 1,000. One that ended without a word stays for a week.</summary>
    Task<IReadOnlyList<InstanceStatus>> ListInstancesAsync(CancellationToken cancellationToken = default);

    /// <summary>Lists the endpoints by their names, at most 1,000: those that have shown themselves within a week, and those of which something is parked.</summary>
    Task<IReadOnlyList<EndpointStatus>> ListEndpointsAsync(CancellationToken cancellationToken = default);

    /// <summary>
    /// Lists the sequences that wait for a version that has not come, page by page: by endpoint, and of each endpoint those first whose deadline passes first. What begins to wait while one reads comes on no page twice.
    /// </summary>
    /// <param name="endpoint">Only this endpoint's.</param>
    /// <param name="cursor">Where the page begins: <see cref="Page{T}.Next"/> of the one before; <see langword="null"/> for the first.</param>
    /// <param name="size">The most on the page, from 1 to 1,000.</param>
    /// <param name="cancellationToken">Cancels the call.</param>
    /// <exception cref="OutboxException">The cursor is not one of this list.</exception>
    /// <exception cref="ArgumentOutOfRangeException">The size is.</exception>
    Task<Page<WaitingSequence>> ListWaitingAsync(string? endpoint = null, string? cursor = null, int size = 100, CancellationToken cancellationToken = default);
}
