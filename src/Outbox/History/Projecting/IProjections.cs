namespace Outbox.History.Projecting;

/// <summary>What a person can see and do of the read models.</summary>
/// <remarks>What could not be projected is parked under the endpoint that <see cref="ProjectionStatus.Endpoint"/> names: <see cref="Inbox.Operations.IInboxOperations"/> shows the events with their errors.</remarks>
public interface IProjections
{
    /// <summary>All versions of all read models of the database, except those that are retired.</summary>
    Task<IReadOnlyList<ProjectionStatus>> StatusAsync(CancellationToken cancellationToken = default);

    /// <summary>
    /// Builds the newest version that this service has of a read model once more, beside the one in use, which serves until then. Readers are given the new rows as
    /// <see cref="SwitchWhen"/> says.
    /// </summary>
    /// <param name="name">The read model.</param>
    /// <param name="reason">Why, for the log.</param>
    /// <param name="cancellationToken">Cancels the call, not the work.</param>
    /// <exception cref="OutboxException">There is none of this name here, or one is being built already.</exception>
    Task RebuildAsync(string name, string reason, CancellationToken cancellationToken = default);

    /// <summary>Has readers use a version: a newer one, or again an older one.</summary>
    /// <param name="name">The read model.</param>
    /// <param name="version">The version. Of several builds of it, the last that has caught up and is not in use.</param>
    /// <param name="reason">Why, for the log.</param>
    /// <param name="cancellationToken">Cancels the call.</param>
    /// <exception cref="OutboxException">There is none that has caught up.</exception>
    Task SwitchAsync(string name, int version, string reason, CancellationToken cancellationToken = default);

    /// <summary>Ends a version that is not in use: nothing is projected into it any more, and its rows are deleted after a minute.</summary>
    /// <param name="name">The read model.</param>
    /// <param name="version">The version; all builds of it but one in use.</param>
    /// <param name="reason">Why, for the log.</param>
    /// <param name="cancellationToken">Cancels the call.</param>
    /// <exception cref="OutboxException">There is no such version, or only the one in use.</exception>
    Task RetireAsync(string name, int version, string reason, CancellationToken cancellationToken = default);

    /// <summary>Has what is parked of a read model tried again, after its folds were corrected.</summary>
    /// <returns>How many events.</returns>
    Task<long> RetryParkedAsync(string name, string reason, CancellationToken cancellationToken = default);

    /// <summary>Gives up what is parked of a read model, as if these events did nothing. What comes behind them goes on. A rebuild meets them again.</summary>
    /// <returns>How many events.</returns>
    Task<long> SkipParkedAsync(string name, string reason, CancellationToken cancellationToken = default);
}
