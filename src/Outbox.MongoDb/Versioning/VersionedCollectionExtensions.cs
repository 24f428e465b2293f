using MongoDB.Bson;
using MongoDB.Bson.IO;
using MongoDB.Bson.Serialization;
using MongoDB.Driver;
using Outbox.MongoDb.Versioning;

namespace Outbox.Versioning;

/// <summary>
/// Changes of entity documents that are checked against what is stored: newest wins, in any order of arrival, and a deleted entity stays deleted. The outcome
/// tells what happened; a stale or duplicate change is never an exception. What counts as newer is the message type's <see cref="MessageOrdering"/>.
/// </summary>
public static class VersionedCollectionExtensions
{
    /// <summary>Inserts the entity, or replaces its whole state, if the change is newer. It never brings back a deleted entity. One round trip.</summary>
    /// <param name="collection">The entities; <c>_id</c> is the entity id: as text, or as the ObjectId, Guid or number that the text means.</param>
    /// <param name="session">The session of the consumer's transaction, or <see langword="null"/> outside of one.</param>
    /// <param name="stamp">The change's place in the entity's history; it is written into the state.</param>
    /// <param name="state">The entity's state after the change.</param>
    /// <param name="cancellationToken">Cancels the call.</param>
    public static Task<ApplyOutcome> ApplyAsync<T>(
        this IMongoCollection<T> collection, IClientSessionHandle? session, MessageStamp stamp, T state, CancellationToken cancellationToken = default)
        where T : class, IVersioned => collection.ReplaceAsync(session, stamp, state, revives: false, cancellationToken);

    /// <summary>
    /// Inserts the entity, or replaces its whole state, if the change is newer, also when an older change deleted it: for ids that are used again.
    /// One round trip.
    /// </summary>
    /// <inheritdoc cref="ApplyAsync{T}(IMongoCollection{T}, IClientSessionHandle?, MessageStamp, T, CancellationToken)"/>
    public static Task<ApplyOutcome> ApplyInsertAsync<T>(
        this IMongoCollection<T> collection, IClientSessionHandle? session, MessageStamp stamp, T state, CancellationToken cancellationToken = default)
        where T : class, IVersioned => collection.ReplaceAsync(session, stamp, state, revives: true, cancellationToken);

    /// <summary>
    /// Inserts or replaces many entities at once, each if its change is newer, in the order given: for consumers of batches. One round trip; how each change came out
    /// is not told.
    /// </summary>
    /// <param name="collection">The entities; <c>_id</c> is the entity id: as text, or as the ObjectId, Guid or number that the text means.</param>
    /// <param name="session">The session of the consumer's transaction.</param>
    /// <param name="changes">The changes, each with its entity's state after it.</param>
    /// <param name="cancellationToken">Cancels the call.</param>
    /// <returns>How many changes were applied.</returns>
    public static async Task<long> ApplyManyAsync<T>(
        this IMongoCollection<T> collection,
        IClientSessionHandle session,
        IEnumerable<(MessageStamp Stamp, T State)> changes,
        CancellationToken cancellationToken = default)
        where T : class, IVersioned
    {
        var writes = changes.Select(change =>
        {
            var document = collection.Stamped(change.Stamp, change.State);
            var replacement = VersionedWrite.Replacement(change.Stamp, new BsonDocument("$literal", document), revives: false);
            return new UpdateOneModel<BsonDocument>(new BsonDocument("_id", document["_id"]), replacement) { IsUpsert = true };
        }).ToList();
        if (writes.Count == 0)
        {
            return 0;
        }

        var result = await collection.Untyped().BulkWriteAsync(session, writes, cancellationToken: cancellationToken).ConfigureAwait(false);
        return result.ModifiedCount + result.Upserts.Count;
    }

    /// <summary>Changes parts of the entity if the change is newer; inserts the entity if there is none. It never brings back a deleted entity.</summary>
    /// <remarks>Fields that only a skipped version would have set stay as they were: use it where each change carries all that it needs.</remarks>
    /// <param name="collection">The entities; <c>_id</c> is the entity id: as text, or as the ObjectId, Guid or number that the text means.</param>
    /// <param name="session">The session of the consumer's transaction, or <see langword="null"/> outside of one.</param>
    /// <param name="stamp">The change's place in the entity's history; it is written into the state.</param>
    /// <param name="update">Operators such as <c>Set</c> and <c>Inc</c>, or an aggregation pipeline.</param>
    /// <param name="cancellationToken">Cancels the call.</param>
    public static Task<ApplyOutcome> ApplyAsync<T>(
        this IMongoCollection<T> collection,
        IClientSessionHandle? session,
        MessageStamp stamp,
        UpdateDefinition<T> update,
        CancellationToken cancellationToken = default)
        where T : class, IVersioned
    {
        var rendered = update.Render(new RenderArgs<T>(collection.DocumentSerializer, collection.Settings.SerializerRegistry));
        return new VersionedWrite(collection.Untyped(), session, stamp).UpdateAsync(EntityIds.Of<T>(stamp.EntityId), rendered, cancellationToken);
    }

    /// <summary>
    /// Deletes the entity if the change is newer, leaving a tombstone with its version so that no late change brings it back.
    /// <c>UseMongoDb(m => m.KeepTombstonesFor["…"] = …)</c> says for how long.
    /// </summary>
    /// <inheritdoc cref="ApplyAsync{T}(IMongoCollection{T}, IClientSessionHandle?, MessageStamp, UpdateDefinition{T}, CancellationToken)"/>
    public static Task<ApplyOutcome> ApplyDeleteAsync<T>(
        this IMongoCollection<T> collection, IClientSessionHandle? session, MessageStamp stamp, CancellationToken cancellationToken = default)
        where T : class, IVersioned
    {
        var id = EntityIds.Of<T>(stamp.EntityId);
        var fields = new BsonDocument("_id", id).Merge(VersionedWrite.Stamp(stamp)).Add("deleted", true);
        // By the server's clock: the change's own timestamp may be so old that the tombstone would go at once.
        var tombstone = new BsonDocument("$mergeObjects", new BsonArray { new BsonDocument("$literal", fields), new BsonDocument("deletedAt", "$$NOW") });
        return new VersionedWrite(collection.Untyped(), session, stamp).ReplaceAsync(id, tombstone, revives: false, cancellationToken);
    }

    private static Task<ApplyOutcome> ReplaceAsync<T>(
        this IMongoCollection<T> collection, IClientSessionHandle? session, MessageStamp stamp, T state, bool revives, CancellationToken cancellationToken)
        where T : class, IVersioned
    {
        var document = collection.Stamped(stamp, state);
        return new VersionedWrite(collection.Untyped(), session, stamp)
            .ReplaceAsync(document["_id"], new BsonDocument("$literal", document), revives, cancellationToken);
    }

    private static BsonDocument Stamped<T>(this IMongoCollection<T> collection, MessageStamp stamp, T state)
        where T : class, IVersioned
    {
        state.Version = stamp.Version;
        state.LastMessageId = stamp.MessageId;
        state.LastUpdated = stamp.Timestamp.UtcDateTime;
        var document = new BsonDocument();
        using (var writer = new BsonDocumentWriter(document))
        {
            collection.DocumentSerializer.Serialize(BsonSerializationContext.CreateRoot(writer), state);
        }

        if (!document.Contains("version") || !document.Contains("lastMessageId"))
        {
            throw new OutboxException(
                $"{typeof(T).Name} keeps its {nameof(IVersioned.Version)} and {nameof(IVersioned.LastMessageId)} in other fields than 'version' and 'lastMessageId', so a newer "
                + "state could not be told from an older one. Register a CamelCaseElementNameConvention, or put [BsonElement(\"version\")] and the like on them.");
        }

        return document;
    }

    private static IMongoCollection<BsonDocument> Untyped<T>(this IMongoCollection<T> collection) =>
        collection.Database.GetCollection<BsonDocument>(
            collection.CollectionNamespace.CollectionName, new MongoCollectionSettings { WriteConcern = collection.Settings.WriteConcern });
}
