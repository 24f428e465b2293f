using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using MongoDB.Bson;
using MongoDB.Driver;
using Outbox.Delivery;
using Outbox.Delivery.Operations;
using Outbox.MongoDb.Sessions;
using Outbox.Operations;
using Outbox.Operations.Failures;

namespace Outbox.MongoDb.Delivery.Parking;

/// <summary>Moves messages between the outbox, what is parked, and the history; each move is one transaction.</summary>
internal sealed class MongoOutboxOperations(
    OutboxCollections collections, ShortTransactions transactions, RelaySignal signal, IOptions<OutboxOptions> options, ILogger<MongoOutboxOperations> logger) : IOutboxOperations
{
    /// <inheritdoc/>
    public Task<Page<ParkedSummary>> SearchAsync(ParkedFilter filter, string? cursor = null, int size = 100, CancellationToken cancellationToken = default) => throw new NotSupportedException();

    /// <inheritdoc/>
    public Task<Page<ParkedSummary>> SearchDiscardedAsync(ParkedFilter filter, string? cursor = null, int size = 100, CancellationToken cancellationToken = default) => throw new NotSupportedException();

    /// <inheritdoc/>
    public Task<ParkedOutboxMessage?> GetAsync(string messageId, CancellationToken cancellationToken = default) => throw new NotSupportedException();

    /// <inheritdoc/>
    public Task<IReadOnlyList<FailureGroup>> GroupsAsync(ParkedFilter? filter = null, int limit = 100, CancellationToken cancellationToken = default) => throw new NotSupportedException();

    /// <inheritdoc/>
    public Task<long> CountAsync(ParkedFilter filter, int limit = 100_000, CancellationToken cancellationToken = default) => throw new NotSupportedException();

    /// <inheritdoc/>
    public Task<bool> RestoreAsync(string messageId, Decision decision, CancellationToken cancellationToken = default) => throw new NotSupportedException();

    /// <inheritdoc/>
    public Task<bool> EditAndRetryAsync(string messageId, string payload, string etag, Decision decision, CancellationToken cancellationToken = default) => throw new NotSupportedException();

    /// <inheritdoc/>
    public Task<IReadOnlyList<ParkedOutboxMessage>> ListParkedAsync(int limit = 100, CancellationToken cancellationToken = default) =>
        ListParkedAsync(new ParkedFilter(), limit, cancellationToken);

    /// <inheritdoc/>
    public async Task<IReadOnlyList<ParkedOutboxMessage>> ListParkedAsync(ParkedFilter filter, int limit = 100, CancellationToken cancellationToken = default)
    {
        var parked = await collections.Parked.Find(ParkedSelection.Of(filter))
            .Sort(new BsonDocument("parkedAt", 1)).Limit(limit).ToListAsync(cancellationToken).ConfigureAwait(false);
        return parked.ConvertAll(ParkedDocument.Read);
    }

    /// <inheritdoc/>
    public Task<long> RetryAllAsync(ParkedFilter filter, Decision given, CancellationToken cancellationToken = default) =>
        DecideAllAsync(filter, new Deed("put back into the outbox", filter.ToString(), given.Reason), PutAllBackAsync, cancellationToken);

    /// <inheritdoc/>
    public Task<long> DiscardAllAsync(ParkedFilter filter, Decision given, CancellationToken cancellationToken = default) =>
        DecideAllAsync(filter, new Deed("discarded", filter.ToString(), given.Reason), (_, _, _) => Task.CompletedTask, cancellationToken);

    /// <inheritdoc/>
    public Task<bool> RetryAsync(string messageId, Decision given, CancellationToken cancellationToken = default) => DecideAsync(
        async (session, token) =>
        {
            var parked = await TakeAsync(session, messageId, token).ConfigureAwait(false);
            return parked is not null && await PutBackAsync(session, parked, token).ConfigureAwait(false);
        },
        new Deed("put back into the outbox", messageId, given.Reason),
        cancellationToken);

    /// <inheritdoc/>
    public Task<bool> DiscardAsync(string messageId, Decision given, CancellationToken cancellationToken = default) => DecideAsync(
        async (session, token) =>
        {
            if (await TakeAsync(session, messageId, token).ConfigureAwait(false) is null)
            {
                return false;
            }

            // A copy may be left in the outbox by a release that parked without a transaction; it would be published.
            await collections.OutboxDocuments.DeleteOneAsync(session, Id(messageId), cancellationToken: token).ConfigureAwait(false);
            return true;
        },
        new Deed("discarded", messageId, given.Reason),
        cancellationToken);

    /// <inheritdoc/>
    public Task<bool> ReplayAsync(string messageId, Decision given, CancellationToken cancellationToken = default) => DecideAsync(
        async (session, token) =>
        {
            var sent = await collections.Sent.Find(session, Id(messageId)).FirstOrDefaultAsync(token).ConfigureAwait(false);
            return sent is not null && await PutBackAsync(session, sent, token).ConfigureAwait(false);
        },
        new Deed("published once more", messageId, given.Reason),
        cancellationToken);

    /// <summary>Some at a time, in the order in which they were to be published.</summary>
    private async Task<long> DecideAllAsync(
        ParkedFilter filter, Deed decision, Func<IClientSessionHandle, IReadOnlyList<BsonDocument>, CancellationToken, Task> next, CancellationToken cancellationToken)
    {
        long count = 0;
        await foreach (var ids in ParkedSelection.InOrderAsync(collections.Parked, filter, cancellationToken).ConfigureAwait(false))
        {
            var some = new BsonDocument("_id", new BsonDocument("$in", ids));
            count += await transactions.RunAsync(
                async (session, token) =>
                {
                    var parked = await collections.Parked.Find(session, some).Sort(ParkedSelection.Order).ToListAsync(token).ConfigureAwait(false);
                    await collections.Parked.DeleteManyAsync(session, some, cancellationToken: token).ConfigureAwait(false);
                    await collections.OutboxDocuments.DeleteManyAsync(session, some, cancellationToken: token).ConfigureAwait(false);
                    await next(session, parked, token).ConfigureAwait(false);
                    return parked.Count;
                },
                cancellationToken).ConfigureAwait(false);
            signal.Raise();
        }

        logger.ManyDecidedByAPerson(count, decision.What, decision.MessageId, decision.Reason);
        return count;
    }

    private async Task PutAllBackAsync(IClientSessionHandle session, IReadOnlyList<BsonDocument> parked, CancellationToken cancellationToken)
    {
        if (parked.Count > 0)
        {
            await collections.OutboxDocuments.InsertManyAsync(
                session, parked.Select(document => ParkedDocument.Stored(document, options.Value.Lanes)), cancellationToken: cancellationToken).ConfigureAwait(false);
        }
    }

    private Task<BsonDocument?> TakeAsync(IClientSessionHandle session, string messageId, CancellationToken cancellationToken) =>
        collections.Parked.FindOneAndDeleteAsync<BsonDocument?>(session, Id(messageId), cancellationToken: cancellationToken);

    private async Task<bool> PutBackAsync(IClientSessionHandle session, BsonDocument document, CancellationToken cancellationToken)
    {
        await collections.OutboxDocuments.ReplaceOneAsync(
            session,
            Id(document["_id"]),
            ParkedDocument.Stored(document, options.Value.Lanes),
            new ReplaceOptions { IsUpsert = true },
            cancellationToken).ConfigureAwait(false);
        return true;
    }

    private async Task<bool> DecideAsync(
        Func<IClientSessionHandle, CancellationToken, Task<bool>> body, Deed decision, CancellationToken cancellationToken)
    {
        var found = await transactions.RunAsync(body, cancellationToken).ConfigureAwait(false);
        if (found)
        {
            logger.DecidedByAPerson(decision.MessageId, decision.What, decision.Reason);
            signal.Raise();
        }

        return found;
    }

    private static BsonDocument Id(BsonValue messageId) => new("_id", messageId);

    private sealed record Deed(string What, string MessageId, string Reason);
}
