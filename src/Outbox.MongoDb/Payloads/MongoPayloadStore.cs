using MongoDB.Bson;
using MongoDB.Driver;
using Outbox.Payloads;

namespace Outbox.MongoDb.Payloads;

/// <summary>Keeps payloads in a MongoDB database, as GridFS does.</summary>
internal sealed class MongoPayloadStore(IMongoCollection<BsonDocument> files, IMongoCollection<BsonDocument> chunks, PayloadOptions options, TimeProvider time) : IPayloadStore
{
    private DateTime Now => time.GetUtcNow().UtcDateTime;

    /// <summary>Whether a transaction of these collections can write here.</summary>
    public bool IsIn(OutboxCollections collections) => ReferenceEquals(files.Database.Client, collections.Database.Client);

    /// <summary>Stores a payload in the transaction of its message. It does not expire before that is published.</summary>
    public async Task PutAsync(IClientSessionHandle session, StoredPayload payload, bool blocking, CancellationToken cancellationToken)
    {
        var file = PayloadBucket.File(payload, Now, expiresAt: null);
        var parts = PayloadBucket.Chunks(payload, expiresAt: null);
        if (blocking)
        {
            chunks.InsertMany(session, parts, cancellationToken: cancellationToken);
            files.InsertOne(session, file, cancellationToken: cancellationToken);
            return;
        }

        await chunks.InsertManyAsync(session, parts, cancellationToken: cancellationToken).ConfigureAwait(false);
        await files.InsertOneAsync(session, file, cancellationToken: cancellationToken).ConfigureAwait(false);
    }

    /// <summary>Stores a payload outside of any transaction: it expires, because its message may never be.</summary>
    public async Task PutAsync(StoredPayload payload, CancellationToken cancellationToken)
    {
        var expiresAt = Now + options.KeepClaimsFor;
        await chunks.InsertManyAsync(PayloadBucket.Chunks(payload, expiresAt), cancellationToken: cancellationToken).ConfigureAwait(false);
        await files.InsertOneAsync(PayloadBucket.File(payload, Now, expiresAt), cancellationToken: cancellationToken).ConfigureAwait(false);
    }

    /// <inheritdoc/>
    public async Task<ReadOnlyMemory<byte>?> GetAsync(string id, int length, CancellationToken cancellationToken)
    {
        var file = await files.Find(new BsonDocument("_id", id)).FirstOrDefaultAsync(cancellationToken).ConfigureAwait(false);
        if (file is null || file["length"].ToInt64() != length)
        {
            return null;
        }

        var inOrder = new FindOptions<BsonDocument> { Sort = new BsonDocument { { PayloadBucket.FileId, 1 }, { "n", 1 } } };
        using var cursor = await chunks.FindAsync(new BsonDocument(PayloadBucket.FileId, id), inOrder, cancellationToken).ConfigureAwait(false);
        return await PayloadBucket.JoinAsync(cursor, length, cancellationToken).ConfigureAwait(false);
    }

    /// <inheritdoc/>
    public Task PublishedAsync(IReadOnlyCollection<string> ids, CancellationToken cancellationToken) => ExpireAsync(ids, options.KeepClaimsFor, isRead: false, cancellationToken);

    /// <inheritdoc/>
    public async Task ReadAsync(string id, string endpoint, CancellationToken cancellationToken)
    {
        // Of those that nobody waits for, nothing is written down.
        var filter = new BsonDocument { { "_id", id }, { PayloadBucket.Readers, endpoint } };
        var file = await files.FindOneAndUpdateAsync<BsonDocument?>(
            filter,
            new BsonDocument("$addToSet", new BsonDocument(PayloadBucket.ReadBy, endpoint)),
            new FindOneAndUpdateOptions<BsonDocument, BsonDocument?> { ReturnDocument = ReturnDocument.After },
            cancellationToken).ConfigureAwait(false);
        if (file is not null && file["metadata"]["readers"].AsBsonArray.All(file["metadata"]["readBy"].AsBsonArray.Contains))
        {
            await ExpireAsync([id], options.KeepReadClaimsFor, isRead: true, cancellationToken).ConfigureAwait(false);
        }
    }

    /// <summary>A message may be published again by a relay that was killed, when its readers are done: that does not count.</summary>
    private async Task ExpireAsync(IReadOnlyCollection<string> ids, TimeSpan after, bool isRead, CancellationToken cancellationToken)
    {
        var expiry = new BsonDocument("$set", new BsonDocument { { PayloadBucket.ExpiresAt, Now + after }, { PayloadBucket.IsRead, true, isRead } });
        await chunks.UpdateManyAsync(In(PayloadBucket.FileId, ids), expiry, cancellationToken: cancellationToken).ConfigureAwait(false);
        await files.UpdateManyAsync(In("_id", ids), expiry, cancellationToken: cancellationToken).ConfigureAwait(false);
    }

    private static BsonDocument In(string field, IEnumerable<string> ids) =>
        new() { { field, new BsonDocument("$in", new BsonArray(ids)) }, { PayloadBucket.IsRead, new BsonDocument("$exists", false) } };
}
