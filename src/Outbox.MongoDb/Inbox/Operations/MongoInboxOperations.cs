using Microsoft.Extensions.Logging;
using MongoDB.Bson;
using MongoDB.Driver;
using Outbox.Inbox;
using Outbox.Inbox.Operations;
using Outbox.Inbox.Sequencing;
using Outbox.MongoDb.Inbox.Parking;
using Outbox.MongoDb.Inbox.Sequencing;
using Outbox.MongoDb.Sessions;
using Outbox.Operations;
using Outbox.Operations.Failures;

namespace Outbox.MongoDb.Inbox.Operations;

/// <summary>What a person sees of parked messages, and does about them. Retries are marked, and carried out by the endpoint itself.</summary>
internal sealed class MongoInboxOperations(
    OutboxCollections collections, ShortTransactions transactions, GapGiver gaps, InboxBook book, ILogger<MongoInboxOperations> logger) : IInboxOperations
{
    /// <inheritdoc/>
    public Task<IReadOnlyList<ParkedInboxMessage>> ListParkedAsync(
        string? endpoint = null, ParkReason? reason = null, int limit = 100, CancellationToken cancellationToken = default) =>
        ListParkedAsync(new ParkedInboxFilter { Endpoint = endpoint, Reason = reason }, limit, cancellationToken);

    /// <inheritdoc/>
    public Task<IReadOnlyList<ParkedInboxMessage>> ListParkedAsync(ParkedInboxFilter filter, int limit = 100, CancellationToken cancellationToken = default) =>
        book.Failures.ListAsync(filter, limit, cancellationToken);

    /// <inheritdoc/>
    public Task<Page<ParkedSummary>> SearchAsync(ParkedInboxFilter filter, string? cursor = null, int size = 100, CancellationToken cancellationToken = default) =>
        book.Failures.SearchAsync(filter, cursor, size, cancellationToken);

    /// <inheritdoc/>
    public Task<Page<ParkedSummary>> SearchDiscardedAsync(ParkedInboxFilter filter, string? cursor = null, int size = 100, CancellationToken cancellationToken = default) =>
        book.Failures.SearchDiscardedAsync(filter, cursor, size, cancellationToken);

    /// <inheritdoc/>
    public Task<ParkedInboxMessage?> GetAsync(string id, CancellationToken cancellationToken = default) => book.Failures.GetAsync(id, cancellationToken);

    /// <inheritdoc/>
    public Task<IReadOnlyList<FailureGroup>> GroupsAsync(ParkedInboxFilter? filter = null, int limit = 100, CancellationToken cancellationToken = default) =>
        book.Failures.GroupsAsync(filter ?? new ParkedInboxFilter(), limit, cancellationToken);

    /// <inheritdoc/>
    public Task<long> CountAsync(ParkedInboxFilter filter, int limit = 100_000, CancellationToken cancellationToken = default) =>
        book.Failures.CountAsync(filter, limit, cancellationToken);

    /// <inheritdoc/>
    public async Task<long> RetryAllAsync(ParkedInboxFilter filter, Decision decision, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(decision);
        long count = 0;
        var chosen = InboxActs.Retryable(ParkedSelection.Of(filter));
        await foreach (var ids in ParkedSelection.InOrderAsync(collections.InboxParked, chosen, cancellationToken).ConfigureAwait(false))
        {
            var some = InboxActs.Retryable(new BsonDocument("_id", new BsonDocument("$in", ids)));
            count += await transactions.RunAsync((session, token) => book.Acts.RetryAsync(session, some, decision, operationId: null, token), cancellationToken).ConfigureAwait(false);
        }

        logger.ManyDecidedByAPerson(count, "to be tried again", filter.ToString(), decision.Reason);
        return count;
    }

    /// <inheritdoc/>
    public async Task<long> DiscardAllAsync(ParkedInboxFilter filter, Decision decision, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(decision);
        long count = 0;
        await foreach (var ids in ParkedSelection.InOrderAsync(collections.InboxParked, ParkedSelection.Of(filter), cancellationToken).ConfigureAwait(false))
        {
            foreach (var id in ids)
            {
                count += await TryDiscardAsync(id.AsObjectId, decision, cancellationToken).ConfigureAwait(false) ? 1 : 0;
            }
        }

        logger.ManyDecidedByAPerson(count, "discarded", filter.ToString(), decision.Reason);
        return count;
    }

    /// <inheritdoc/>
    public Task<bool> RetryAsync(string id, Decision decision, CancellationToken cancellationToken = default) => ActAsync(
        id,
        "to be tried again",
        decision,
        async (session, key, token) => await book.Acts.RetryAsync(session, InboxActs.Retryable(ById(key)), decision, operationId: null, token).ConfigureAwait(false) > 0
            || await RefuseAsync(session, key, token).ConfigureAwait(false),
        cancellationToken);

    /// <inheritdoc/>
    public Task<bool> DiscardAsync(string id, Decision decision, CancellationToken cancellationToken = default) => ActAsync(
        id, "discarded", decision, (session, key, token) => book.Acts.DiscardAsync(session, ById(key), decision, operationId: null, token), cancellationToken);

    /// <inheritdoc/>
    public Task<bool> RestoreAsync(string id, Decision decision, CancellationToken cancellationToken = default) => ActAsync(
        id, "restored", decision, (session, key, token) => book.Acts.RestoreAsync(session, key, decision, operationId: null, token), cancellationToken);

    /// <inheritdoc/>
    public Task<bool> EditAndRetryAsync(string id, string payload, string etag, Decision decision, CancellationToken cancellationToken = default)
    {
        book.Acts.CheckEdit(payload);
        return ActAsync(
            id,
            "edited, and to be tried again",
            decision,
            async (session, key, token) => await book.Acts.EditAsync(session, key, (payload, etag), decision, token).ConfigureAwait(false)
                || await RefuseAsync(session, key, token).ConfigureAwait(false),
            cancellationToken);
    }

    /// <inheritdoc/>
    public async Task<bool> ReleaseAsync(Sequence sequence, Decision decision, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(decision);
        var released = await gaps.GiveUpAsync(
            sequence, GapPolicy.Apply, null, (session, version, token) => book.Acts.ReleasedAsync(session, sequence, version, decision, token), cancellationToken).ConfigureAwait(false);
        return Note(released is not null, "released", sequence.ToString(), decision.Reason);
    }

    private async Task<bool> TryDiscardAsync(ObjectId id, Decision decision, CancellationToken cancellationToken)
    {
        try
        {
            return await transactions.RunAsync((session, token) => book.Acts.DiscardAsync(session, ById(id), decision, operationId: null, token), cancellationToken).ConfigureAwait(false);
        }
        catch (OutboxException)
        {
            // It waits for a predecessor that is not among them.
            return false;
        }
    }

    private async Task<bool> ActAsync(
        string id, string what, Decision decision, Func<IClientSessionHandle, ObjectId, CancellationToken, Task<bool>> act, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(decision);
        var found = ObjectId.TryParse(id, out var key)
            && await transactions.RunAsync((session, token) => act(session, key, token), cancellationToken).ConfigureAwait(false);
        return Note(found, what, id, decision.Reason);
    }

    /// <returns>Never whether it was done: there is no such message.</returns>
    /// <exception cref="OutboxException">There is, and it cannot be tried again.</exception>
    private async Task<bool> RefuseAsync(IClientSessionHandle session, ObjectId id, CancellationToken cancellationToken)
    {
        var held = await collections.InboxParked.Find(session, ById(id)).FirstOrDefaultAsync(cancellationToken).ConfigureAwait(false);
        return held is null ? false : throw (held.Contains("omitted") ? IsIncomplete(ParkedDocument.Read(held)) : new OutboxException(
            $"Message {held.GetValue("messageId", id)} queues behind one of entity '{held["entityId"]}' that failed. Retry or discard that one; this one follows by itself."));
    }

    private static BsonDocument ById(ObjectId id) => new("_id", id);

    private static OutboxException IsIncomplete(ParkedMessage message) => new(
        $"Message {message.MessageId} is parked without its value, which has {message.Omitted?.Size} bytes and is too large to be stored. It is on Kafka at {message.Topic} [{message.Partition}] "
        + $"@{message.Offset}, as long as the topic keeps it: have its producer send it in parts, or deal with it by hand, and discard it here.");

    private bool Note(bool found, string what, string which, string reason)
    {
        if (found)
        {
            logger.DecidedByAPerson(which, what, reason);
        }

        return found;
    }
}
