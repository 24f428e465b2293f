namespace Outbox.Delivery.Operations;

/// <summary>What a person can do about messages that could not be published.</summary>
public interface IOutboxOperations
{
    /// <summary>Lists parked messages, the longest parked first.</summary>
    /// <param name="limit">The most to list.</param>
    /// <param name="cancellationToken">Cancels the call.</param>
    Task<IReadOnlyList<ParkedOutboxMessage>> ListParkedAsync(int limit = 100, CancellationToken cancellationToken = default);

    /// <summary>Lists parked messages, the longest parked first.</summary>
    /// <param name="filter">Which ones.</param>
    /// <param name="limit">The most to list.</param>
    /// <param name="cancellationToken">Cancels the call.</param>
    Task<IReadOnlyList<ParkedOutboxMessage>> ListParkedAsync(ParkedFilter filter, int limit = 100, CancellationToken cancellationToken = default);

    /// <summary>Puts a parked message back into the outbox, at its place in its entity's order, and lets the entity's later messages go on.</summary>
    /// <param name="messageId">The message.</param>
    /// <param name="reason">Why, for the log.</param>
    /// <param name="cancellationToken">Cancels the call.</param>
    /// <returns>Whether there was such a message.</returns>
    Task<bool> RetryAsync(string messageId, string reason, CancellationToken cancellationToken = default);

    /// <summary>Gives a parked message up and lets the entity's later messages go on; consumers see a gap in the versions.</summary>
    /// <inheritdoc cref="RetryAsync"/>
    Task<bool> DiscardAsync(string messageId, string reason, CancellationToken cancellationToken = default);

    /// <summary>
    /// Puts parked messages back into the outbox, those of one entity in the order of their versions. Some at a time, each time in one transaction: what was put back stays, when the
    /// rest fails or is cancelled, and the call can be repeated.
    /// </summary>
    /// <param name="filter">Which ones.</param>
    /// <param name="reason">Why, for the log.</param>
    /// <param name="cancellationToken">Cancels the call.</param>
    /// <returns>How many there were.</returns>
    Task<long> RetryAllAsync(ParkedFilter filter, string reason, CancellationToken cancellationToken = default);

    /// <summary>Gives parked messages up, as <see cref="RetryAllAsync"/> puts them back; consumers see gaps in the versions.</summary>
    /// <inheritdoc cref="RetryAllAsync"/>
    Task<long> DiscardAllAsync(ParkedFilter filter, string reason, CancellationToken cancellationToken = default);

    /// <summary>Publishes a message of the history (<c>KeepSentFor</c>) once more, under its own id: consumers that have it still drop it.</summary>
    /// <inheritdoc cref="RetryAsync"/>
    Task<bool> ReplayAsync(string messageId, string reason, CancellationToken cancellationToken = default);
}
