using MongoDB.Bson;
using MongoDB.Bson.IO;
using MongoDB.Bson.Serialization;
using MongoDB.Driver;
using Outbox.MongoDb.Versioning;
using static Outbox.MongoDb.Expressions;

namespace Outbox.Versioning;

/// <summary>
/// Changes of entity documents that are checked against what is stored: newest wins, in any order of arrival, and a deleted entity stays deleted. The outcome
/// tells what happened; a stale or duplicate change is never an exception. What counts as newer is the message type's <see cref="MessageOrdering"/>.
/// </summary>
public static class VersionedCollectionExtensions
{
    /// <summary>Inserts the entity, or replaces its whole state, if the change is newer. It never brings back a deleted entity. One round trip.</summary>
    /// <param name="collection">The entities; <c>_id</c> is the entity id: as text, or as what the text means: an ObjectId, a Guid, a number, whatever is <see cref="IParsable{TSelf}"/>.</param>
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
    /// <param name="collection">The entities; <c>_id</c> is the entity id: as text, or as what the text means: an ObjectId, a Guid, a number, whatever is <see cref="IParsable{TSelf}"/>.</param>
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
            var (map, id, document) = collection.Stamped(change.Stamp, change.State);
            var replacement = VersionedWrite.Replacement(change.Stamp, map.Fields, new BsonDocument("$literal", document), revives: false);
            return new UpdateOneModel<BsonDocument>(new BsonDocument("_id", id), replacement) { IsUpsert = true };
        }).ToList();
        return await VersionedBatch.WriteAsync(collection.Untyped(), session, writes, cancellationToken).ConfigureAwait(false);
    }

    /// <summary>Changes parts of the entity if the change is newer; inserts the entity if there is none. It never brings back a deleted entity.</summary>
    /// <remarks>Fields that only a skipped version would have set stay as they were: use it where each change carries all that it needs.</remarks>
    /// <param name="collection">The entities; <c>_id</c> is the entity id: as text, or as what the text means: an ObjectId, a Guid, a number, whatever is <see cref="IParsable{TSelf}"/>.</param>
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
        var map = EntityMap.Of(typeof(T));
        var rendered = update.Render(new RenderArgs<T>(collection.DocumentSerializer, collection.Settings.SerializerRegistry));
        return new VersionedWrite(collection.Untyped(), session, stamp, map.Fields)
            .UpdateAsync(EntityIds.Of(map, stamp.EntityId), new VersionedUpdate(rendered, map, collection.IsOfType()), cancellationToken);
    }

    /// <summary>
    /// Deletes the entity if the change is newer, leaving a tombstone with its version so that no late change brings it back.
    /// <c>UseMongoDb(m => m.KeepTombstonesFor["…"] = …)</c> says for how long.
    /// </summary>
    /// <inheritdoc cref="ApplyAsync{T}(IMongoCollection{T}, IClientSessionHandle?, MessageStamp, UpdateDefinition{T}, CancellationToken)"/>
    public static async Task<ApplyOutcome> ApplyDeleteAsync<T>(
        this IMongoCollection<T> collection, IClientSessionHandle? session, MessageStamp stamp, CancellationToken cancellationToken = default)
        where T : class, IVersioned
    {
        var map = EntityMap.Of(typeof(T));
        var id = EntityIds.Of(map, stamp.EntityId);
        var fields = new BsonDocument("_id", id).Merge(map.Fields.Of(stamp)).Add(StampFields.Deleted, true);
        // By the server's clock: the change's own timestamp may be so old that the tombstone would go at once.
        var tombstone = new BsonDocument("$mergeObjects", new BsonArray { new BsonDocument("$literal", fields), new BsonDocument(StampFields.DeletedAt, Now) });
        try
        {
            return await new VersionedWrite(collection.Untyped(), session, stamp, map.Fields).ReplaceAsync(id, tombstone, revives: false, cancellationToken).ConfigureAwait(false);
        }
        catch (MongoCommandException error) when (DuplicateKeys.IsAny(error) && !DuplicateKeys.IsOfId(error))
        {
            throw new OutboxException(
                $"The tombstone of entity '{stamp.EntityId}' (message {stamp.MessageId}) collides in a unique index of collection '{collection.CollectionNamespace.CollectionName}', "
                + $"{DuplicateKeys.Describe(error)}: a tombstone has none of the entity's fields, and to a unique index all documents without them are equal. Make the index partial: "
                + "partialFilterExpression: { <field>: { $exists: true } }.", error);
        }
    }

    private static Task<ApplyOutcome> ReplaceAsync<T>(
        this IMongoCollection<T> collection, IClientSessionHandle? session, MessageStamp stamp, T state, bool revives, CancellationToken cancellationToken)
        where T : class, IVersioned
    {
        var (map, id, document) = collection.Stamped(stamp, state);
        return new VersionedWrite(collection.Untyped(), session, stamp, map.Fields).ReplaceAsync(id, new BsonDocument("$literal", document), revives, cancellationToken);
    }

    private static (EntityMap Map, BsonValue Id, BsonDocument Document) Stamped<T>(this IMongoCollection<T> collection, MessageStamp stamp, T state)
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

        var map = EntityMap.Of(state.GetType());
        map.RequireStamped(document, stamp);
        if (map.Discriminator(collection.IsOfType()) is { } discriminator && !document.Contains(discriminator.Name))
        {
            document.Add(discriminator);
        }

        return (map, EntityIds.Of(map, document, stamp), document);
    }

    /// <summary>Whether its documents are told from others by their discriminator.</summary>
    private static bool IsOfType<T>(this IMongoCollection<T> collection) => collection is IFilteredMongoCollection<T>;

    /// <summary>Reads the primary: what is decided on a secondary that lags would be decided again and again.</summary>
    private static IMongoCollection<BsonDocument> Untyped<T>(this IMongoCollection<T> collection) =>
        collection.Database.GetCollection<BsonDocument>(
            collection.CollectionNamespace.CollectionName,
            new MongoCollectionSettings { WriteConcern = collection.Settings.WriteConcern, ReadPreference = ReadPreference.Primary });
}
