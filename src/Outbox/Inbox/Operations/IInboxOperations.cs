using Outbox.Inbox.Sequencing;
using Outbox.Operations;
using Outbox.Operations.Failures;

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

    /// <summary>Lists parked messages, page by page, without payloads and headers: the longest parked first. What is parked while one reads comes on no page twice.</summary>
    /// <param name="filter">Which ones.</param>
    /// <param name="cursor">Where the page begins: <see cref="Page{T}.Next"/> of the one before; <see langword="null"/> for the first.</param>
    /// <param name="size">The most on the page, from 1 to 1,000.</param>
    /// <param name="cancellationToken">Cancels the call.</param>
    /// <exception cref="OutboxException">The cursor is not one of this list.</exception>
    /// <exception cref="ArgumentOutOfRangeException">The size is.</exception>
    Task<Page<ParkedSummary>> SearchAsync(ParkedInboxFilter filter, string? cursor = null, int size = 100, CancellationToken cancellationToken = default);

    /// <summary>Lists discarded messages, page by page, without payloads and headers: the latest first. What is discarded while one reads comes on no page twice.</summary>
    /// <param name="filter">Which ones; its times are those of parking.</param>
    /// <param name="cursor">Where the page begins: <see cref="Page{T}.Next"/> of the one before; <see langword="null"/> for the first.</param>
    /// <param name="size">The most on the page, from 1 to 1,000.</param>
    /// <param name="cancellationToken">Cancels the call.</param>
    /// <exception cref="OutboxException">The cursor is not one of this list.</exception>
    /// <exception cref="ArgumentOutOfRangeException">The size is.</exception>
    Task<Page<ParkedSummary>> SearchDiscardedAsync(ParkedInboxFilter filter, string? cursor = null, int size = 100, CancellationToken cancellationToken = default);

    /// <summary>A parked message, or a discarded one, whole; <see langword="null"/> if there is none.</summary>
    Task<ParkedInboxMessage?> GetAsync(string id, CancellationToken cancellationToken = default);

    /// <summary>The causes of what is parked, those of most messages first.</summary>
    /// <param name="filter">Which messages; all of them, where nothing is said.</param>
    /// <param name="limit">The most groups.</param>
    /// <param name="cancellationToken">Cancels the call.</param>
    Task<IReadOnlyList<FailureGroup>> GroupsAsync(ParkedInboxFilter? filter = null, int limit = 100, CancellationToken cancellationToken = default);

    /// <summary>Counts parked messages, up to a limit.</summary>
    /// <param name="filter">Which ones.</param>
    /// <param name="limit">The most to count.</param>
    /// <param name="cancellationToken">Cancels the call.</param>
    Task<long> CountAsync(ParkedInboxFilter filter, int limit = 100_000, CancellationToken cancellationToken = default);

    /// <summary>
    /// Has the endpoints try messages again, as <see cref="RetryAsync"/> does, those of one entity in the order of their versions. Those that queue behind one that failed are left: they
    /// follow it.
    /// </summary>
    /// <param name="filter">Which ones.</param>
    /// <param name="decision">Why, and who.</param>
    /// <param name="cancellationToken">Cancels the call.</param>
    /// <returns>How many there were.</returns>
    Task<long> RetryAllAsync(ParkedInboxFilter filter, Decision decision, CancellationToken cancellationToken = default);

    /// <summary>
    /// Gives messages up, as <see cref="DiscardAsync"/> does, those of one entity in the order of their versions, each in one transaction. Those that wait for a predecessor that is not
    /// among them are left. When the rest fails or is cancelled, what was given up stays so, and the call can be repeated.
    /// </summary>
    /// <inheritdoc cref="RetryAllAsync"/>
    Task<long> DiscardAllAsync(ParkedInboxFilter filter, Decision decision, CancellationToken cancellationToken = default);

    /// <summary>
    /// Has the endpoint try the message again, through its normal pipeline: retries, filters, inbox. In a sequence it has its turn, and then those that wait for it
    /// have theirs. If it fails again, it is parked again.
    /// </summary>
    /// <param name="id">The parked message.</param>
    /// <param name="decision">Why, and who.</param>
    /// <param name="cancellationToken">Cancels the call.</param>
    /// <returns>Whether there was such a message.</returns>
    /// <exception cref="OutboxException">It queues behind a message of its entity that failed: retry that one, and this one follows.</exception>
    Task<bool> RetryAsync(string id, Decision decision, CancellationToken cancellationToken = default);

    /// <summary>
    /// Gives the message up: it is recorded as discarded, so that a duplicate of it has no effect either. Those that wait for it, in a sequence or behind it in their
    /// order, go on. It is kept for <see cref="OutboxOptions.KeepDiscardedFor"/>, and can be restored.
    /// </summary>
    /// <inheritdoc cref="RetryAsync"/>
    /// <exception cref="OutboxException">It waits for a predecessor: release the sequence first.</exception>
    Task<bool> DiscardAsync(string id, Decision decision, CancellationToken cancellationToken = default);

    /// <summary>Parks a discarded message again, as it was, and undoes its record, so that it can have its effect.</summary>
    /// <inheritdoc cref="RetryAsync"/>
    /// <exception cref="OutboxException">A later message of its entity has been processed meanwhile, or may have been, and this one would follow it out of order.</exception>
    Task<bool> RestoreAsync(string id, Decision decision, CancellationToken cancellationToken = default);

    /// <summary>
    /// Gives a parked message another payload and has the endpoint try it again. All else stays: id, entity, version, type, headers, and the envelope around the payload. The payload that it had is kept in
    /// the audit.
    /// </summary>
    /// <param name="id">The parked message.</param>
    /// <param name="payload">The new payload, as JSON.</param>
    /// <param name="etag">What was looked at: <see cref="ParkedInboxMessage.ETag"/>.</param>
    /// <param name="decision">Why, and who.</param>
    /// <param name="cancellationToken">Cancels the call.</param>
    /// <returns>Whether there was such a message.</returns>
    /// <exception cref="OutboxException">
    /// <see cref="OutboxOptions.AllowEdit"/> is not set, the payload or the message is not JSON, the message is not any more what was looked at, or it is none that can be retried.
    /// </exception>
    Task<bool> EditAndRetryAsync(string id, string payload, string etag, Decision decision, CancellationToken cancellationToken = default);

    /// <summary>Gives up the versions that a sequence waits for, and has it go on with the first message that is there.</summary>
    /// <param name="sequence">The sequence.</param>
    /// <param name="decision">Why, and who.</param>
    /// <param name="cancellationToken">Cancels the call.</param>
    /// <returns>Whether anything waited.</returns>
    Task<bool> ReleaseAsync(Sequence sequence, Decision decision, CancellationToken cancellationToken = default);
}
