namespace Outbox.Inbox.Replaying;

/// <summary>
/// Has an endpoint process again what it has processed: because its consumers were wrong, or its collections were lost. What version-checked changes have made comes out the same; for all else see
/// <c>docs/repair.md</c> first.
/// </summary>
public interface IInboxReplay
{
    /// <summary>
    /// Begins a replay: all instances of the endpoint stop, its group's offsets are set, and all go on. Consumers see <c>context.IsReplay()</c>, and what they publish is left out unless the message says otherwise
    /// (<see cref="Capture.MessageOptions.PublishOnReplay"/>). What the endpoint had not processed before is processed as ever. It returns at once, and goes on by itself, whatever process dies.
    /// </summary>
    /// <param name="endpoint">The endpoint: its group.</param>
    /// <param name="from">Where it begins.</param>
    /// <param name="reason">Why, for the log.</param>
    /// <param name="cancellationToken">Cancels the call.</param>
    /// <returns>The number of the replay.</returns>
    /// <exception cref="OutboxException">Another one runs, no instance of the endpoint does, or its consumers cannot be replayed so.</exception>
    Task<int> StartAsync(string endpoint, ReplayFrom from, string reason, CancellationToken cancellationToken = default);

    /// <summary>The endpoint's last replay or snapshot.</summary>
    Task<EndpointReplay?> FindAsync(string endpoint, CancellationToken cancellationToken = default);

    /// <summary>
    /// Ends a replay that has changed nothing yet, because its instances do not come to a stop; or a snapshot that is not taken yet, of which nothing is left. The endpoint consumes again.
    /// </summary>
    /// <param name="endpoint">The endpoint: its group.</param>
    /// <param name="reason">Why; it stands beside the reason that it was begun for.</param>
    /// <param name="cancellationToken">Cancels the call.</param>
    /// <returns>Whether there was something to end.</returns>
    /// <exception cref="OutboxException">The replay runs, or has begun to change collections or offsets: half of that is worse than all of it.</exception>
    Task<bool> CancelAsync(string endpoint, string reason, CancellationToken cancellationToken = default);

    /// <summary>
    /// Begins a snapshot of collections that the endpoint alone writes, and of its inbox, with its group's offsets: all instances stop, the collections are copied, and all go on. It returns at once; the snapshot is there
    /// when it is listed.
    /// </summary>
    /// <param name="endpoint">The endpoint: its group.</param>
    /// <param name="collections">The service's own collections, in the outbox's database.</param>
    /// <param name="reason">Why, for the log.</param>
    /// <param name="cancellationToken">Cancels the call.</param>
    /// <returns>The snapshot's id.</returns>
    /// <exception cref="OutboxException">A replay or another snapshot runs, or no instance of the endpoint does.</exception>
    Task<string> SnapshotAsync(string endpoint, IReadOnlyCollection<string> collections, string reason, CancellationToken cancellationToken = default);

    /// <summary>An endpoint's snapshots, the newest first.</summary>
    Task<IReadOnlyList<ReplaySnapshot>> ListSnapshotsAsync(string endpoint, CancellationToken cancellationToken = default);

    /// <summary>Removes a snapshot.</summary>
    /// <returns>Whether it was there.</returns>
    /// <exception cref="OutboxException">An endpoint is being replayed from it.</exception>
    Task<bool> DeleteSnapshotAsync(string id, CancellationToken cancellationToken = default);
}
