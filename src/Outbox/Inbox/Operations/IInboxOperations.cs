using Outbox.Inbox.Sequencing;

namespace Outbox.Inbox.Operations;

/// <summary>What a person can do about consumed messages that could not be processed, or that wait.</summary>
public interface IInboxOperations
{
    /// <summary>Lists parked messages, the longest parked first.</summary>
    /// <param name="endpoint">Only this endpoint's.</param>
    /// <param name="reason">Only those parked for this reason.</param>
    /// <param name="limit">The most to list.</param>
    /// <param name="cancellationToken">Cancels the call.</param>
    Task<IReadOnlyList<ParkedInboxMessage>> ListParkedAsync(
        string? endpoint = null, ParkReason? reason = null, int limit = 100, CancellationToken cancellationToken = default);

    /// <summary>Lists parked messages, the longest parked first.</summary>
    /// <param name="filter">Which ones.</param>
    /// <param name="limit">The most to list.</param>
    /// <param name="cancellationToken">Cancels the call.</param>
    Task<IReadOnlyList<ParkedInboxMessage>> ListParkedAsync(ParkedInboxFilter filter, int limit = 100, CancellationToken cancellationToken = default);

    /// <summary>
    /// Has the endpoints try messages again, as <see cref="RetryAsync"/> does, those of one entity in the order of their versions. Those that queue behind one that failed are left: they
    /// follow it.
    /// </summary>
    /// <param name="filter">Which ones.</param>
    /// <param name="reason">Why, for the log.</param>
    /// <param name="cancellationToken">Cancels the call.</param>
    /// <returns>How many there were.</returns>
    Task<long> RetryAllAsync(ParkedInboxFilter filter, string reason, CancellationToken cancellationToken = default);

    /// <summary>
    /// Gives messages up, as <see cref="DiscardAsync"/> does, those of one entity in the order of their versions, each in one transaction. Those that wait for a predecessor that is not
    /// among them are left. When the rest fails or is cancelled, what was given up stays so, and the call can be repeated.
    /// </summary>
    /// <inheritdoc cref="RetryAllAsync"/>
    Task<long> DiscardAllAsync(ParkedInboxFilter filter, string reason, CancellationToken cancellationToken = default);

    /// <summary>
    /// Has the endpoint try the message again, through its normal pipeline: retries, filters, inbox. In a sequence it has its turn, and then those that wait for it
    /// have theirs. If it fails again, it is parked again.
    /// </summary>
    /// <param name="id">The parked message.</param>
    /// <param name="reason">Why, for the log.</param>
    /// <param name="cancellationToken">Cancels the call.</param>
    /// <returns>Whether there was such a message.</returns>
    /// <exception cref="OutboxException">It queues behind a message of its entity that failed: retry that one, and this one follows.</exception>
    Task<bool> RetryAsync(string id, string reason, CancellationToken cancellationToken = default);

    /// <summary>
    /// Gives the message up: it is recorded as discarded, so that a duplicate of it has no effect either. Those that wait for it, in a sequence or behind it in their
    /// order, go on.
    /// </summary>
    /// <inheritdoc cref="RetryAsync"/>
    /// <exception cref="OutboxException">It waits for a predecessor: release the sequence first.</exception>
    Task<bool> DiscardAsync(string id, string reason, CancellationToken cancellationToken = default);

    /// <summary>Gives up the versions that a sequence waits for, and has it go on with the first message that is there.</summary>
    /// <param name="sequence">The sequence.</param>
    /// <param name="reason">Why, for the log.</param>
    /// <param name="cancellationToken">Cancels the call.</param>
    /// <returns>Whether anything waited.</returns>
    Task<bool> ReleaseAsync(Sequence sequence, string reason, CancellationToken cancellationToken = default);
}
