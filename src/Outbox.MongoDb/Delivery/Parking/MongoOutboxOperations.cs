using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using MongoDB.Bson;
using MongoDB.Driver;
using Outbox.Delivery;
using Outbox.Delivery.Operations;
using Outbox.MongoDb.Sessions;

namespace Outbox.MongoDb.Delivery.Parking;

/// <summary>Moves messages between the outbox, what is parked, and the history; each move is one transaction.</summary>
internal sealed class MongoOutboxOperations(
    OutboxCollections collections, ShortTransactions transactions, RelaySignal signal, IOptions<OutboxOptions> options, ILogger<MongoOutboxOperations> logger) : IOutboxOperations
{
    /// <inheritdoc/>
    public async Task<IReadOnlyList<ParkedOutboxMessage>> ListParkedAsync(int limit = 100, CancellationToken cancellationToken = default)
    {
        var parked = await collections.Parked.Find(FilterDefinition<BsonDocument>.Empty)
            .Sort(new BsonDocument("parkedAt", 1)).Limit(limit).ToListAsync(cancellationToken).ConfigureAwait(false);
        return parked.ConvertAll(ParkedDocument.Read);
    }

    /// <inheritdoc/>
    public Task<bool> RetryAsync(string messageId, string reason, CancellationToken cancellationToken = default) => DecideAsync(
        async (session, token) =>
        {
            var parked = await TakeAsync(session, messageId, token).ConfigureAwait(false);
            return parked is not null && await PutBackAsync(session, parked, token).ConfigureAwait(false);
        },
        new Decision("put back into the outbox", messageId, reason),
        cancellationToken);

    /// <inheritdoc/>
    public Task<bool> DiscardAsync(string messageId, string reason, CancellationToken cancellationToken = default) => DecideAsync(
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
        new Decision("discarded", messageId, reason),
        cancellationToken);

    /// <inheritdoc/>
    public Task<bool> ReplayAsync(string messageId, string reason, CancellationToken cancellationToken = default) => DecideAsync(
        async (session, token) =>
        {
            var sent = await collections.Sent.Find(session, Id(messageId)).FirstOrDefaultAsync(token).ConfigureAwait(false);
            return sent is not null && await PutBackAsync(session, sent, token).ConfigureAwait(false);
        },
        new Decision("published once more", messageId, reason),
        cancellationToken);

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
        Func<IClientSessionHandle, CancellationToken, Task<bool>> body, Decision decision, CancellationToken cancellationToken)
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

    private sealed record Decision(string What, string MessageId, string Reason);
}
