using Microsoft.Extensions.Logging;
using MongoDB.Bson;
using MongoDB.Driver;
using Outbox.Delivery.Operations;
using Outbox.MongoDb.Operations.Failures;
using Outbox.MongoDb.Sessions;
using Outbox.Operations;
using Outbox.Operations.Auditing;
using Outbox.Operations.Failures;

namespace Outbox.MongoDb.Delivery.Parking;

/// <summary>What a person sees of messages that could not be published, and does about them; each act is one transaction.</summary>
internal sealed class MongoOutboxOperations(
    OutboxCollections collections, ShortTransactions transactions, OutboxFailures failures, OutboxActs acts, ILogger<MongoOutboxOperations> logger) : IOutboxOperations
{
    /// <inheritdoc/>
    public Task<IReadOnlyList<ParkedOutboxMessage>> ListParkedAsync(int limit = 100, CancellationToken cancellationToken = default) =>
        ListParkedAsync(new ParkedFilter(), limit, cancellationToken);

    /// <inheritdoc/>
    public async Task<IReadOnlyList<ParkedOutboxMessage>> ListParkedAsync(ParkedFilter filter, int limit = 100, CancellationToken cancellationToken = default)
    {
        var chosen = ParkedSelection.Of(filter);
        var parked = await collections.Parked.Find(chosen, new FindOptions { Hint = FailureIndexes.For(chosen) })
            .Sort(FailureIndexes.Listed()).Limit(limit).ToListAsync(cancellationToken).ConfigureAwait(false);
        return parked.ConvertAll(ParkedDocument.Read);
    }

    /// <inheritdoc/>
    public Task<Page<ParkedSummary>> SearchAsync(ParkedFilter filter, string? cursor = null, int size = 100, CancellationToken cancellationToken = default) =>
        failures.SearchAsync(filter, cursor, size, cancellationToken);

    /// <inheritdoc/>
    public Task<Page<ParkedSummary>> SearchDiscardedAsync(ParkedFilter filter, string? cursor = null, int size = 100, CancellationToken cancellationToken = default) =>
        failures.SearchDiscardedAsync(filter, cursor, size, cancellationToken);

    /// <inheritdoc/>
    public Task<ParkedOutboxMessage?> GetAsync(string messageId, CancellationToken cancellationToken = default) => failures.GetAsync(messageId, cancellationToken);

    /// <inheritdoc/>
    public Task<IReadOnlyList<FailureGroup>> GroupsAsync(ParkedFilter? filter = null, int limit = 100, CancellationToken cancellationToken = default) =>
        failures.GroupsAsync(filter ?? new ParkedFilter(), limit, cancellationToken);

    /// <inheritdoc/>
    public Task<long> CountAsync(ParkedFilter filter, int limit = 100_000, CancellationToken cancellationToken = default) => failures.CountAsync(filter, limit, cancellationToken);

    /// <inheritdoc/>
    public Task<bool> RetryAsync(string messageId, Decision decision, CancellationToken cancellationToken = default) =>
        ActAsync(messageId, "put back into the outbox", decision, acts.RetryAsync, cancellationToken);

    /// <inheritdoc/>
    public Task<bool> DiscardAsync(string messageId, Decision decision, CancellationToken cancellationToken = default) =>
        ActAsync(messageId, "discarded", decision, acts.DiscardAsync, cancellationToken);

    /// <inheritdoc/>
    public Task<bool> RestoreAsync(string messageId, Decision decision, CancellationToken cancellationToken = default) =>
        ActAsync(messageId, "restored", decision, acts.RestoreAsync, cancellationToken);

    /// <inheritdoc/>
    public Task<bool> EditAndRetryAsync(string messageId, string payload, string etag, Decision decision, CancellationToken cancellationToken = default)
    {
        acts.CheckEdit(payload);
        return ActAsync(messageId, "edited and put back into the outbox", decision, (session, id, why, token) => acts.EditAsync(session, id, payload, etag, why, token), cancellationToken);
    }

    /// <inheritdoc/>
    public Task<bool> ReplayAsync(string messageId, Decision decision, CancellationToken cancellationToken = default) =>
        ActAsync(messageId, "published once more", decision, acts.ReplayAsync, cancellationToken);

    /// <inheritdoc/>
    public Task<long> RetryAllAsync(ParkedFilter filter, Decision decision, CancellationToken cancellationToken = default) =>
        ActOnAllAsync(filter, AuditActs.Retry, "put back into the outbox", decision, cancellationToken);

    /// <inheritdoc/>
    public Task<long> DiscardAllAsync(ParkedFilter filter, Decision decision, CancellationToken cancellationToken = default) =>
        ActOnAllAsync(filter, AuditActs.Discard, "discarded", decision, cancellationToken);

    /// <summary>Some at a time, in the order in which they were to be published.</summary>
    private async Task<long> ActOnAllAsync(ParkedFilter filter, string act, string what, Decision decision, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(decision);
        long count = 0;
        await foreach (var ids in ParkedSelection.InOrderAsync(collections.Parked, filter, cancellationToken).ConfigureAwait(false))
        {
            count += await transactions.RunAsync(
                (session, token) => acts.ActOnAsync(session, new SomeParked(act, ids, []), decision, token), cancellationToken).ConfigureAwait(false);
            acts.Wake();
        }

        logger.ManyDecidedByAPerson(count, what, filter.ToString(), decision.Reason);
        return count;
    }

    private async Task<bool> ActAsync(
        string messageId, string what, Decision decision, Func<IClientSessionHandle, string, Decision, CancellationToken, Task<bool>> act, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(decision);
        var found = await transactions.RunAsync((session, token) => act(session, messageId, decision, token), cancellationToken).ConfigureAwait(false);
        if (found)
        {
            logger.DecidedByAPerson(messageId, what, decision.Reason);
            acts.Wake();
        }

        return found;
    }
}
