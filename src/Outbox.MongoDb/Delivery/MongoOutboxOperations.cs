using Microsoft.Extensions.Logging;
using MongoDB.Bson;
using MongoDB.Bson.Serialization;
using MongoDB.Driver;
using Outbox.Delivery;
using Outbox.Delivery.Operations;
using Outbox.Messages;

namespace Outbox.MongoDb.Delivery;

/// <summary>Moves messages between the outbox, what is parked, and the history; each move is one transaction.</summary>
internal sealed class MongoOutboxOperations(OutboxCollections collections, RelaySignal signal, ILogger<MongoOutboxOperations> logger) : IOutboxOperations
{
    /// <inheritdoc/>
    public async Task<IReadOnlyList<ParkedOutboxMessage>> ListParkedAsync(int limit = 100, CancellationToken cancellationToken = default)
    {
        var parked = await collections.Parked.Find(FilterDefinition<BsonDocument>.Empty)
            .Sort(new BsonDocument("parkedAt", 1)).Limit(limit).ToListAsync(cancellationToken).ConfigureAwait(false);
        return parked.ConvertAll(document => new ParkedOutboxMessage(
            Message(document),
            document["error"].AsString,
            document["attempts"].ToInt32(),
            document["hold"].ToBoolean(),
            new DateTimeOffset(document["parkedAt"].ToUniversalTime())));
    }

    /// <inheritdoc/>
    public async Task<bool> RetryAsync(string messageId, string reason, CancellationToken cancellationToken = default)
    {
        var found = await InTransactionAsync(
            async (session, token) =>
            {
                var parked = await collections.Parked.FindOneAndDeleteAsync(session, Id(messageId), cancellationToken: token).ConfigureAwait(false);
                if (parked is not null)
                {
                    await collections.Outbox.InsertOneAsync(session, Message(parked), cancellationToken: token).ConfigureAwait(false);
                }

                return parked is not null;
            },
            cancellationToken).ConfigureAwait(false);
        return Note(found, "put back into the outbox", messageId, reason);
    }

    /// <inheritdoc/>
    public async Task<bool> DiscardAsync(string messageId, string reason, CancellationToken cancellationToken = default)
    {
        var deleted = await collections.Parked.DeleteOneAsync(Id(messageId), cancellationToken).ConfigureAwait(false);
        return Note(deleted.DeletedCount == 1, "discarded", messageId, reason);
    }

    /// <inheritdoc/>
    public async Task<bool> ReplayAsync(string messageId, string reason, CancellationToken cancellationToken = default)
    {
        var sent = await collections.Sent.Find(Id(messageId)).FirstOrDefaultAsync(cancellationToken).ConfigureAwait(false);
        if (sent is not null)
        {
            await collections.Outbox.ReplaceOneAsync(
                Builders<OutboxMessage>.Filter.Eq("_id", messageId), Message(sent), new ReplaceOptions { IsUpsert = true }, cancellationToken).ConfigureAwait(false);
        }

        return Note(sent is not null, "published once more", messageId, reason);
    }

    private async Task<bool> InTransactionAsync(Func<IClientSessionHandle, CancellationToken, Task<bool>> body, CancellationToken cancellationToken)
    {
        using var session = await collections.Database.Client.StartSessionAsync(cancellationToken: cancellationToken).ConfigureAwait(false);
        var options = new TransactionOptions(ReadConcern.Snapshot, ReadPreference.Primary, WriteConcern.WMajority);
        return await session.WithTransactionAsync(body, options, cancellationToken).ConfigureAwait(false);
    }

    private bool Note(bool found, string what, string messageId, string reason)
    {
        if (found)
        {
            logger.DecidedByAPerson(messageId, what, reason);
            signal.Raise();
        }

        return found;
    }

    private static BsonDocument Id(string messageId) => new("_id", messageId);

    private static OutboxMessage Message(BsonDocument document) => BsonSerializer.Deserialize<OutboxMessage>(document);
}
