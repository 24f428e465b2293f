using System.Text.Json.Nodes;

namespace Outbox.History;

/// <summary>What is kept of entities whose topic keeps history, outside of a transaction. Reads see what a majority of the replica set has.</summary>
/// <remarks>In each method, <c>T</c> is an <see cref="Aggregate"/>, or the state of a decider, that was registered with the topic: <c>t.KeepHistory(h => h.Aggregate&lt;Order&gt;())</c>.</remarks>
public interface IHistory
{
    /// <summary>The entity's state, from its snapshot and the events since.</summary>
    /// <exception cref="EntityNotFoundException">There are no events of it.</exception>
    /// <exception cref="OutboxException"><typeparamref name="T"/> is not registered, or an event cannot be read.</exception>
    Task<T> LoadAsync<T>(string id, CancellationToken cancellationToken = default)
        where T : class;

    /// <summary>As <see cref="LoadAsync{T}"/>, but <see langword="null"/> if there are no events of the entity.</summary>
    Task<T?> FindAsync<T>(string id, CancellationToken cancellationToken = default)
        where T : class;

    /// <summary>The state that the entity had with an earlier version.</summary>
    /// <param name="id">The entity.</param>
    /// <param name="version">The version of the last event to count, from 1 to the entity's last.</param>
    /// <param name="cancellationToken">Cancels the call.</param>
    /// <exception cref="OutboxException">The entity has had no such version.</exception>
    Task<T> LoadAtAsync<T>(string id, long version, CancellationToken cancellationToken = default)
        where T : class;

    /// <summary>The entity's events in their order, beginning with a version.</summary>
    IAsyncEnumerable<HistoryEvent> ReadAsync<T>(string id, long fromVersion = 1, CancellationToken cancellationToken = default)
        where T : class;

    /// <summary>Stores the states of all entities that have had at least so many events since their last snapshot.</summary>
    /// <param name="olderThan">The number of events, from 1.</param>
    /// <param name="cancellationToken">Cancels the call; what is stored stays.</param>
    /// <returns>How many were stored.</returns>
    Task<long> SnapshotAllAsync<T>(int olderThan, CancellationToken cancellationToken = default)
        where T : class;

    /// <summary>
    /// Takes out of an entity's events what must be forgotten, and makes its snapshot anew. The events stay, with their versions and ids; each that is changed says so. It may run again after a
    /// crash. What is on Kafka, and in other services, is not touched: compaction, retention and an event that tells them are the means there.
    /// </summary>
    /// <param name="id">The entity.</param>
    /// <param name="redact">Changes an event's payload: it is given the name of the type and the JSON as it was published, and returns the JSON to keep, or <see langword="null"/> to leave it as it is.
    /// What it returns must still be an event of its type.</param>
    /// <param name="reason">Why, for those who find the gap later. It is kept with each event that is changed.</param>
    /// <param name="cancellationToken">Cancels the call.</param>
    /// <returns>How many events were changed.</returns>
    Task<long> EraseAsync<T>(string id, Func<string, JsonObject, JsonObject?> redact, string reason, CancellationToken cancellationToken = default)
        where T : class;
}
