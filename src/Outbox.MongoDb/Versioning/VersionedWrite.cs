using MongoDB.Bson;
using MongoDB.Driver;
using Outbox.Versioning;

namespace Outbox.MongoDb.Versioning;

/// <summary>The commands behind version-checked changes.</summary>
internal static class VersionedWrite
{
    private static readonly BsonDocument Known = new() { { "version", 1 }, { "lastMessageId", 1 }, { "deleted", 1 } };

    /// <summary>
    /// A pipeline decides on the server between the new state and the old, so it inserts, replaces or leaves alone without ever failing on a
    /// duplicate key, which would abort the transaction. What was there before tells the outcome.
    /// </summary>
    public static async Task<ApplyOutcome> ReplaceAsync(
        IMongoCollection<BsonDocument> collection, IClientSessionHandle? session, MessageStamp stamp, BsonDocument state, CancellationToken cancellationToken)
    {
        var isNewer = new BsonDocument("$and", new BsonArray
        {
            new BsonDocument("$lt", new BsonArray { new BsonDocument("$ifNull", new BsonArray { "$version", 0L }), stamp.Version }),
            new BsonDocument("$ne", new BsonArray { "$deleted", true }),
        });
        var choice = new BsonDocument("$cond", new BsonArray { isNewer, new BsonDocument("$literal", state), "$$ROOT" });
        var before = await ModifyAsync(
            collection,
            session,
            new BsonDocument("_id", state["_id"]),
            Builders<BsonDocument>.Update.Pipeline(new BsonDocument[] { new("$replaceWith", choice) }),
            upsert: true,
            cancellationToken).ConfigureAwait(false);
        return Decide(before, stamp);
    }

    public static async Task<ApplyOutcome> UpdateAsync(
        IMongoCollection<BsonDocument> collection, IClientSessionHandle? session, MessageStamp stamp, BsonDocument update, CancellationToken cancellationToken)
    {
        var entity = new BsonDocument("_id", stamp.EntityId);
        var older = new BsonDocument
        {
            { "_id", stamp.EntityId },
            { "version", new BsonDocument("$not", new BsonDocument("$gte", stamp.Version)) },
            { "deleted", new BsonDocument("$ne", true) },
        };
        var stamped = WithStamp(update, stamp);
        while (true)
        {
            if (await ModifyAsync(collection, session, older, stamped, upsert: false, cancellationToken).ConfigureAwait(false) is not null)
            {
                return ApplyOutcome.Applied;
            }

            var met = await FindAsync(collection, session, entity, cancellationToken).ConfigureAwait(false);
            if (met is not null)
            {
                return Decide(met, stamp);
            }

            try
            {
                await ModifyAsync(collection, session, older, stamped, upsert: true, cancellationToken).ConfigureAwait(false);
                return ApplyOutcome.Applied;
            }
            catch (MongoCommandException error) when (session is null && error.Code == DuplicateKey)
            {
                // Another writer inserted the entity since it was looked for: look again.
            }
        }
    }

    /// <summary>The fields that a change leaves in the state.</summary>
    public static BsonDocument Stamp(MessageStamp stamp) => new()
    {
        { "version", stamp.Version },
        { "lastMessageId", stamp.MessageId },
        { "lastUpdated", stamp.Timestamp.UtcDateTime },
    };

    private const int DuplicateKey = 11000;

    private static UpdateDefinition<BsonDocument> WithStamp(BsonDocument update, MessageStamp stamp)
    {
        var stamped = update.DeepClone().AsBsonDocument;
        stamped["$set"] = stamped.GetValue("$set", new BsonDocument()).AsBsonDocument.Merge(Stamp(stamp), overwriteExistingElements: true);
        return stamped;
    }

    private static ApplyOutcome Decide(BsonDocument? before, MessageStamp stamp)
    {
        if (before is null)
        {
            return ApplyOutcome.Applied;
        }

        var outcome = VersionRule.Decide((before.GetValue("version", 0L).ToInt64(), before.GetValue("lastMessageId", BsonNull.Value) as BsonString is { } id ? id.Value : null), stamp);
        return outcome == ApplyOutcome.Applied && before.GetValue("deleted", false).ToBoolean() ? ApplyOutcome.Stale : outcome;
    }

    private static Task<BsonDocument?> ModifyAsync(
        IMongoCollection<BsonDocument> collection,
        IClientSessionHandle? session,
        FilterDefinition<BsonDocument> filter,
        UpdateDefinition<BsonDocument> update,
        bool upsert,
        CancellationToken cancellationToken)
    {
        var options = new FindOneAndUpdateOptions<BsonDocument, BsonDocument?> { IsUpsert = upsert, ReturnDocument = ReturnDocument.Before, Projection = Known };
        return session is null
            ? collection.FindOneAndUpdateAsync(filter, update, options, cancellationToken)
            : collection.FindOneAndUpdateAsync(session, filter, update, options, cancellationToken);
    }

    private static Task<BsonDocument?> FindAsync(
        IMongoCollection<BsonDocument> collection, IClientSessionHandle? session, BsonDocument filter, CancellationToken cancellationToken)
    {
        var find = session is null ? collection.Find(filter) : collection.Find(session, filter);
        return find.Project<BsonDocument?>(Known).FirstOrDefaultAsync(cancellationToken)!;
    }
}
