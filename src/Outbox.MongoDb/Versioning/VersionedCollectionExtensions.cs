using MongoDB.Bson;
using MongoDB.Bson.Serialization;
using MongoDB.Driver;
using Outbox.MongoDb.Versioning;

namespace Outbox.Versioning;

/// <summary>
/// Version-checked changes of entity documents: newest wins, in any order of arrival, and a deleted entity stays deleted. The outcome tells what
/// happened; a stale or duplicate change is never an exception.
/// </summary>
public static class VersionedCollectionExtensions
{
    /// <summary>Inserts the entity, or replaces its whole state, if the change is newer. One round trip.</summary>
    /// <param name="collection">The entities; <c>_id</c> is the entity id.</param>
    /// <param name="session">The session of the consumer's transaction, or <see langword="null"/> outside of one.</param>
    /// <param name="stamp">The change's place in the entity's history; it is written into the state.</param>
    /// <param name="state">The entity's state after the change.</param>
    /// <param name="cancellationToken">Cancels the call.</param>
    public static Task<ApplyOutcome> ApplyAsync<T>(
        this IMongoCollection<T> collection, IClientSessionHandle? session, MessageStamp stamp, T state, CancellationToken cancellationToken = default)
        where T : class, IVersioned
    {
        state.Version = stamp.Version;
        state.LastMessageId = stamp.MessageId;
        state.LastUpdated = stamp.Timestamp.UtcDateTime;
        var document = new BsonDocument();
        using (var writer = new MongoDB.Bson.IO.BsonDocumentWriter(document))
        {
            collection.DocumentSerializer.Serialize(BsonSerializationContext.CreateRoot(writer), state);
        }

        return VersionedWrite.ReplaceAsync(collection.Untyped(), session, stamp, document, cancellationToken);
    }

    /// <summary>Changes parts of the entity if the change is newer; inserts the entity if there is none.</summary>
    /// <remarks>Fields that only a skipped version would have set stay as they were: use it where each change carries all that it needs.</remarks>
    /// <inheritdoc cref="ApplyAsync{T}(IMongoCollection{T}, IClientSessionHandle?, MessageStamp, T, CancellationToken)"/>
    public static Task<ApplyOutcome> ApplyAsync<T>(
        this IMongoCollection<T> collection,
        IClientSessionHandle? session,
        MessageStamp stamp,
        UpdateDefinition<T> update,
        CancellationToken cancellationToken = default)
        where T : class, IVersioned
    {
        var rendered = update.Render(new RenderArgs<T>(collection.DocumentSerializer, collection.Settings.SerializerRegistry));
        return rendered is BsonDocument operators
            ? VersionedWrite.UpdateAsync(collection.Untyped(), session, stamp, operators, cancellationToken)
            : throw new ArgumentException("Pass an update made of operators such as Set and Inc, not a pipeline.", nameof(update));
    }

    /// <summary>Deletes the entity if the change is newer, leaving a tombstone with its version so that no late change brings it back.</summary>
    /// <inheritdoc cref="ApplyAsync{T}(IMongoCollection{T}, IClientSessionHandle?, MessageStamp, T, CancellationToken)"/>
    public static Task<ApplyOutcome> ApplyDeleteAsync<T>(
        this IMongoCollection<T> collection, IClientSessionHandle? session, MessageStamp stamp, CancellationToken cancellationToken = default)
        where T : class, IVersioned
    {
        var tombstone = new BsonDocument("_id", stamp.EntityId).Merge(VersionedWrite.Stamp(stamp)).Add("deleted", true);
        return VersionedWrite.ReplaceAsync(collection.Untyped(), session, stamp, tombstone, cancellationToken);
    }

    private static IMongoCollection<BsonDocument> Untyped<T>(this IMongoCollection<T> collection) =>
        collection.Database.GetCollection<BsonDocument>(
            collection.CollectionNamespace.CollectionName, new MongoCollectionSettings { WriteConcern = collection.Settings.WriteConcern });
}
