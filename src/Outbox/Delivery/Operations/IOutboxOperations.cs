using Outbox.Operations;
using Outbox.Operations.Failures;

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

    /// <summary>Lists parked messages, page by page, without payloads and headers: the longest parked first. What is parked while one reads comes on no page twice.</summary>
    /// <param name="filter">Which ones.</param>
    /// <param name="cursor">Where the page begins: <see cref="Page{T}.Next"/> of the one before; <see langword="null"/> for the first.</param>
    /// <param name="size">The most on the page, from 1 to 1,000.</param>
    /// <param name="cancellationToken">Cancels the call.</param>
    /// <exception cref="OutboxException">The cursor is not one of this list.</exception>
    /// <exception cref="ArgumentOutOfRangeException">The size is.</exception>
    Task<Page<ParkedSummary>> SearchAsync(ParkedFilter filter, string? cursor = null, int size = 100, CancellationToken cancellationToken = default);

    /// <summary>Lists discarded messages, page by page, without payloads and headers: the latest first. What is discarded while one reads comes on no page twice.</summary>
    /// <param name="filter">Which ones; its times are those of parking.</param>
    /// <param name="cursor">Where the page begins: <see cref="Page{T}.Next"/> of the one before; <see langword="null"/> for the first.</param>
    /// <param name="size">The most on the page, from 1 to 1,000.</param>
    /// <param name="cancellationToken">Cancels the call.</param>
    /// <exception cref="OutboxException">The cursor is not one of this list.</exception>
    /// <exception cref="ArgumentOutOfRangeException">The size is.</exception>
    Task<Page<ParkedSummary>> SearchDiscardedAsync(ParkedFilter filter, string? cursor = null, int size = 100, CancellationToken cancellationToken = default);

    /// <summary>A parked message, or a discarded one, whole; <see langword="null"/> if there is none.</summary>
    Task<ParkedOutboxMessage?> GetAsync(string messageId, CancellationToken cancellationToken = default);

    /// <summary>The causes of what is parked, those of most messages first.</summary>
    /// <param name="filter">Which messages; all of them, where nothing is said.</param>
    /// <param name="limit">The most groups.</param>
    /// <param name="cancellationToken">Cancels the call.</param>
    Task<IReadOnlyList<FailureGroup>> GroupsAsync(ParkedFilter? filter = null, int limit = 100, CancellationToken cancellationToken = default);

    /// <summary>Counts parked messages, up to a limit.</summary>
    /// <param name="filter">Which ones.</param>
    /// <param name="limit">The most to count.</param>
    /// <param name="cancellationToken">Cancels the call.</param>
    Task<long> CountAsync(ParkedFilter filter, int limit = 100_000, CancellationToken cancellationToken = default);

    /// <summary>Puts a parked message back into the outbox, at its place in its entity's order, and lets the entity's later messages go on.</summary>
    /// <param name="messageId">The message.</param>
    /// <param name="decision">Why, and who.</param>
    /// <param name="cancellationToken">Cancels the call.</param>
    /// <returns>Whether there was such a message.</returns>
    Task<bool> RetryAsync(string messageId, Decision decision, CancellationToken cancellationToken = default);

    /// <summary>
    /// Gives a parked message up and lets the entity's later messages go on; consumers see a gap in the versions. It is kept for <see cref="OutboxOptions.KeepDiscardedFor"/>, and can be restored.
    /// </summary>
    /// <inheritdoc cref="RetryAsync"/>
    Task<bool> DiscardAsync(string messageId, Decision decision, CancellationToken cancellationToken = default);

    /// <summary>Parks a discarded message again, as it was: its entity's later messages wait for it, if they did.</summary>
    /// <inheritdoc cref="RetryAsync"/>
    /// <exception cref="OutboxException">A later message of its entity may have been published meanwhile, and this one would follow it out of order.</exception>
    Task<bool> RestoreAsync(string messageId, Decision decision, CancellationToken cancellationToken = default);

    /// <summary>
    /// Gives a parked message another payload and puts it back into the outbox. All else stays: id, entity, version, type, headers. The payload that it had is kept in the audit.
    /// </summary>
    /// <param name="messageId">The message.</param>
    /// <param name="payload">The new payload, as JSON.</param>
    /// <param name="etag">What was looked at: <see cref="ParkedOutboxMessage.ETag"/>.</param>
    /// <param name="decision">Why, and who.</param>
    /// <param name="cancellationToken">Cancels the call.</param>
    /// <returns>Whether there was such a message.</returns>
    /// <exception cref="OutboxException">
    /// <see cref="OutboxOptions.AllowEdit"/> is not set, the payload is not JSON or too large, or the message is not any more what was looked at.
    /// </exception>
    Task<bool> EditAndRetryAsync(string messageId, string payload, string etag, Decision decision, CancellationToken cancellationToken = default);

    /// <summary>
    /// Puts parked messages back into the outbox, those of one entity in the order of their versions. Some at a time, each time in one transaction: what was put back stays, when the
    /// rest fails or is cancelled, and the call can be repeated.
    /// </summary>
    /// <param name="filter">Which ones.</param>
    /// <param name="decision">Why, and who.</param>
    /// <param name="cancellationToken">Cancels the call.</param>
    /// <returns>How many there were.</returns>
    Task<long> RetryAllAsync(ParkedFilter filter, Decision decision, CancellationToken cancellationToken = default);

    /// <summary>Gives parked messages up, as <see cref="RetryAllAsync"/> puts them back; consumers see gaps in the versions.</summary>
    /// <inheritdoc cref="RetryAllAsync"/>
    Task<long> DiscardAllAsync(ParkedFilter filter, Decision decision, CancellationToken cancellationToken = default);

    /// <summary>Publishes a message of the history (<c>KeepSentFor</c>) once more, under its own id: consumers that have it still drop it.</summary>
    /// <inheritdoc cref="RetryAsync"/>
    Task<bool> ReplayAsync(string messageId, Decision decision, CancellationToken cancellationToken = default);
}
