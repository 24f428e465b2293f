using Outbox.Messages;

namespace Outbox.History.Storing;

/// <summary>What is kept, outside of the callers' transactions.</summary>
public interface IHistoryStore : IHistoryReader
{
    /// <summary>
    /// All events of a type of entities, entity by entity in the order of their ids' bytes, each in the order of its versions, in pages: for rebuilding. What is written behind the place that was
    /// reached may be missed: read it from Kafka.
    /// </summary>
    /// <param name="entityType">The type of the entities.</param>
    /// <param name="after">The last event that was read before; <see langword="null"/> to begin.</param>
    /// <param name="pageSize">The most events of a page.</param>
    /// <param name="cancellationToken">Cancels the scan.</param>
    IAsyncEnumerable<IReadOnlyList<KeptEvent>> ScanAsync(string entityType, HistoryPlace? after, int pageSize, CancellationToken cancellationToken);

    /// <summary>About how many events of a type of entities there are, for showing progress.</summary>
    Task<long> CountAsync(string entityType, CancellationToken cancellationToken);

    /// <summary>The entities of a type with the versions of their last events and of their snapshots of a schema, in the order of their ids.</summary>
    IAsyncEnumerable<SnapshotAge> SnapshotAgesAsync(string entityType, int schema, CancellationToken cancellationToken);

    /// <summary>
    /// Makes a snapshot in a transaction that also reads what it is made of, so that an erasure cannot fall between the two. One that is not newer than what is stored changes nothing, unless it is
    /// of another schema or is to replace it.
    /// </summary>
    /// <param name="entity">The entity.</param>
    /// <param name="make">Makes it; <see langword="null"/> for none. It may run again.</param>
    /// <param name="replaces">Whether it replaces whatever is stored, and removes it where none is made.</param>
    /// <param name="cancellationToken">Cancels the call.</param>
    /// <returns>Whether it was stored.</returns>
    Task<bool> SnapshotAsync(Entity entity, Func<IHistoryReader, CancellationToken, Task<StoredSnapshot?>> make, bool replaces, CancellationToken cancellationToken);

    /// <summary>Replaces the payloads of events, in one transaction, each only if it is as it was read.</summary>
    /// <param name="changes">The events as they were read, with what is to stand in place of the payload.</param>
    /// <param name="reason">Why.</param>
    /// <param name="cancellationToken">Cancels the call.</param>
    Task EraseAsync(IReadOnlyList<(KeptEvent Event, string Payload)> changes, string reason, CancellationToken cancellationToken);
}
