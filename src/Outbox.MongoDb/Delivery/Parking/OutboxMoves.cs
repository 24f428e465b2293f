using Microsoft.Extensions.Options;
using MongoDB.Bson;
using MongoDB.Driver;
using Outbox.Delivery;
using Outbox.MongoDb.Operations.Failures;
using Outbox.Operations;

namespace Outbox.MongoDb.Delivery.Parking;

/// <summary>Moves messages between the outbox, what is parked and what is discarded, each time in the caller's transaction.</summary>
internal sealed class OutboxMoves(OutboxCollections collections, RelaySignal signal, IOptions<OutboxOptions> options)
{
    /// <summary>There is something to relay.</summary>
    public void Wake() => signal.Raise();

    /// <summary>The parked messages of these ids that a filter still has, in the order of the ids.</summary>
    public async Task<List<BsonDocument>> FindAsync(IClientSessionHandle session, BsonArray ids, BsonDocument filter, CancellationToken cancellationToken)
    {
        var found = await collections.Parked.Find(session, new BsonDocument("$and", new BsonArray { In(ids), filter })).ToListAsync(cancellationToken).ConfigureAwait(false);
        return [.. found.OrderBy(document => ids.IndexOf(document["_id"]))];
    }

    /// <summary>Puts messages back into the outbox.</summary>
    public async Task RetryAsync(IClientSessionHandle session, IReadOnlyList<BsonDocument> parked, string? operationId, CancellationToken cancellationToken)
    {
        if (parked.Count > 0)
        {
            await collections.Parked.DeleteManyAsync(session, In(Ids(parked)), cancellationToken: cancellationToken).ConfigureAwait(false);
            await PutAsync(session, collections.OutboxDocuments, parked, document => ParkedDocument.Retried(document, options.Value.Lanes, operationId), cancellationToken)
                .ConfigureAwait(false);
        }
    }

    /// <summary>Gives messages up, and keeps them for a while.</summary>
    public async Task DiscardAsync(IClientSessionHandle session, IReadOnlyList<BsonDocument> parked, Decision decision, string? operationId, CancellationToken cancellationToken)
    {
        if (parked.Count == 0)
        {
            return;
        }

        var note = DiscardFields.Of(decision.By.Named(options.Value.Source), decision.Reason, operationId);
        await collections.Parked.DeleteManyAsync(session, In(Ids(parked)), cancellationToken: cancellationToken).ConfigureAwait(false);

        // A copy may be left in the outbox by a release that parked without a transaction; it would be published.
        await collections.OutboxDocuments.DeleteManyAsync(session, In(Ids(parked)), cancellationToken: cancellationToken).ConfigureAwait(false);
        await PutAsync(session, collections.Discarded, parked, document => ParkedDocument.Discarded(document, note), cancellationToken).ConfigureAwait(false);
    }

    /// <exception cref="OutboxException">Something has gone past it.</exception>
    /// <returns>What is parked again; <see langword="null"/> if there is no such message.</returns>
    public async Task<BsonDocument?> RestoreAsync(IClientSessionHandle session, string messageId, CancellationToken cancellationToken)
    {
        var id = new BsonDocument("_id", messageId);
        var discarded = await collections.Discarded.FindOneAndDeleteAsync<BsonDocument?>(session, id, cancellationToken: cancellationToken).ConfigureAwait(false);
        if (discarded is null)
        {
            return null;
        }

        if (discarded.GetValue(DiscardFields.Passed, false) == true)
        {
            throw new OutboxException(
                $"Message {messageId} cannot be restored: a later message of entity '{discarded["entityId"]}' may have been published since it was discarded, and this one would follow it out of order. "
                + "Have the application publish what its consumers need as a new message.");
        }

        var isThere = await collections.OutboxDocuments.Find(session, id).AnyAsync(cancellationToken).ConfigureAwait(false)
            || await collections.Parked.Find(session, id).AnyAsync(cancellationToken).ConfigureAwait(false);
        if (isThere)
        {
            throw new OutboxException($"Message {messageId} cannot be restored: the outbox has one of this id already, which the application has published since.");
        }

        var restored = ParkedDocument.Restored(discarded, options.Value.Lanes);
        await collections.Parked.InsertOneAsync(session, restored, cancellationToken: cancellationToken).ConfigureAwait(false);
        return restored;
    }

    private static Task PutAsync(
        IClientSessionHandle session, IMongoCollection<BsonDocument> target, IReadOnlyList<BsonDocument> documents, Func<BsonDocument, UpdateDefinition<BsonDocument>> becomes,
        CancellationToken cancellationToken) =>
        target.BulkWriteAsync(
            session, documents.Select(document => new UpdateOneModel<BsonDocument>(new BsonDocument("_id", document["_id"]), becomes(document)) { IsUpsert = true }), cancellationToken: cancellationToken);

    private static BsonDocument In(BsonArray ids) => new("_id", new BsonDocument("$in", ids));

    private static BsonArray Ids(IEnumerable<BsonDocument> documents) => [.. documents.Select(document => document["_id"])];
}
