namespace Outbox.History.Projecting;

/// <summary>Reads the rows of a projection: those of the version in use, whole, whatever is being built beside it.</summary>
/// <typeparam name="TRow">The projection's rows.</typeparam>
/// <remarks>Queries are the store's own: with MongoDB, <c>await rows.CollectionAsync(ct)</c> is the collection of the version in use. Ask for it each time.</remarks>
public interface IReadModel<TRow>
    where TRow : class
{
    /// <summary>The row of an entity; <see langword="null"/> if there is none.</summary>
    /// <exception cref="OutboxException">No version of the read model has caught up yet.</exception>
    Task<TRow?> FindAsync(string entityId, CancellationToken cancellationToken = default);

    /// <summary>
    /// Waits until the version in use has an entity's event, and all before it: to read what one has just written. It waits for as long as it takes, which is for ever if that event is parked: give
    /// it a token with a limit.
    /// </summary>
    /// <param name="entityId">The entity.</param>
    /// <param name="version">The entity's version after the event.</param>
    /// <param name="cancellationToken">Ends the wait.</param>
    Task WaitForAsync(string entityId, long version, CancellationToken cancellationToken = default);
}
