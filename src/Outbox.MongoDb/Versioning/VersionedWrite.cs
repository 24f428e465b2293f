using MongoDB.Bson;
using MongoDB.Driver;
using Outbox.Versioning;

namespace Outbox.MongoDb.Versioning;

/// <summary>The commands behind version-checked changes of one entity.</summary>
internal sealed class VersionedWrite(IMongoCollection<BsonDocument> collection, IClientSessionHandle? session, MessageStamp stamp)
{
    private const int DuplicateKey = 11000;

    private static readonly BsonDocument Known = new() { { "version", 1 }, { "lastMessageId", 1 }, { "lastUpdated", 1 }, { "deleted", 1 } };

    /// <summary>
    /// A pipeline decides on the server between the new state and the old, so it inserts, replaces or leaves alone without ever failing on a
    /// duplicate key, which would abort the transaction. What was there before tells the outcome.
    /// </summary>
    public async Task<ApplyOutcome> ReplaceAsync(BsonValue id, BsonDocument state, bool revives, CancellationToken cancellationToken)
    {
        var pipeline = Replacement(stamp, state, revives);
        while (true)
        {
            try
            {
                return Decide(await ModifyAsync(new BsonDocument("_id", id), pipeline, upsert: true, cancellationToken).ConfigureAwait(false), revives);
            }
            catch (MongoCommandException error) when (session is null && error.Code == DuplicateKey)
            {
                // Another writer inserted the entity in the same moment: decide again.
            }
        }
    }

    /// <param name="id">The document's.</param>
    /// <param name="update">Operators, or a pipeline.</param>
    /// <param name="cancellationToken">Cancels the call.</param>
    public async Task<ApplyOutcome> UpdateAsync(BsonValue id, BsonValue update, CancellationToken cancellationToken)
    {
        var entity = new BsonDocument("_id", id);
        var older = new BsonDocument { { "_id", id }, { "$expr", VersionExpression.Takes(stamp, revives: false) } };
        // An upsert's filter cannot have an expression. Where the entity is there after all, inserting it fails.
        var absent = new BsonDocument { { "_id", id }, { "version", new BsonDocument("$exists", false) } };
        var stamped = update is BsonArray stages ? WithStamp(stages) : WithStamp(update.AsBsonDocument);
        while (true)
        {
            if (await ModifyAsync(older, stamped, upsert: false, cancellationToken).ConfigureAwait(false) is not null)
            {
                return ApplyOutcome.Applied;
            }

            if (await FindAsync(entity, cancellationToken).ConfigureAwait(false) is { } met)
            {
                if (Decide(met, revives: false) is not ApplyOutcome.Applied and var outcome)
                {
                    return outcome;
                }

                // Another writer put an older state there since the first look.
                continue;
            }

            try
            {
                await ModifyAsync(absent, stamped, upsert: true, cancellationToken).ConfigureAwait(false);
                return ApplyOutcome.Applied;
            }
            catch (MongoCommandException error) when (session is null && error.Code == DuplicateKey)
            {
                // Another writer inserted the entity since it was looked for: look again.
            }
        }
    }

    /// <summary>Takes the new state, an expression, or keeps the old one.</summary>
    public static UpdateDefinition<BsonDocument> Replacement(MessageStamp stamp, BsonDocument state, bool revives)
    {
        var choice = new BsonDocument("$cond", new BsonArray { VersionExpression.Takes(stamp, revives), state, "$$ROOT" });
        return Builders<BsonDocument>.Update.Pipeline(new BsonDocument[] { new("$replaceWith", choice) });
    }

    /// <summary>The fields that a change leaves in the state.</summary>
    public static BsonDocument Stamp(MessageStamp stamp) => new()
    {
        { "version", stamp.Version },
        { "lastMessageId", stamp.MessageId },
        { "lastUpdated", stamp.Timestamp.UtcDateTime },
    };

    private UpdateDefinition<BsonDocument> WithStamp(BsonDocument operators)
    {
        var stamped = operators.DeepClone().AsBsonDocument;
        stamped["$set"] = stamped.GetValue("$set", new BsonDocument()).AsBsonDocument.Merge(Stamp(stamp), overwriteExistingElements: true);
        return stamped;
    }

    private UpdateDefinition<BsonDocument> WithStamp(BsonArray stages)
    {
        var literals = new BsonDocument(Stamp(stamp).Select(field => new BsonElement(field.Name, new BsonDocument("$literal", field.Value))));
        return Builders<BsonDocument>.Update.Pipeline(stages.Select(stage => stage.AsBsonDocument).Append(new BsonDocument("$set", literals)).ToArray());
    }

    private ApplyOutcome Decide(BsonDocument? met, bool revives)
    {
        if (met is null)
        {
            return ApplyOutcome.Applied;
        }

        var state = new StoredStamp(
            Field(met, "version", value => value.IsNumeric)?.ToInt64() ?? 0,
            Field(met, "lastMessageId", value => value.IsString)?.AsString,
            Field(met, "lastUpdated", value => value.IsBsonDateTime)?.ToUniversalTime(),
            met.GetValue("deleted", false) == BsonBoolean.True);
        return VersionRule.Decide(state, stamp, revives);
    }

    private BsonValue? Field(BsonDocument met, string name, Func<BsonValue, bool> isRight)
    {
        var value = met.GetValue(name, BsonNull.Value);
        return value.IsBsonNull ? null : isRight(value) ? value : throw new OutboxException(
            $"The document '{stamp.EntityId}' of collection '{collection.CollectionNamespace.CollectionName}' has a {value.BsonType} in its field '{name}', which no "
            + "version-checked change writes. Keep version a number, lastMessageId a string and lastUpdated a date.");
    }

    private Task<BsonDocument?> ModifyAsync(
        FilterDefinition<BsonDocument> filter, UpdateDefinition<BsonDocument> update, bool upsert, CancellationToken cancellationToken)
    {
        var options = new FindOneAndUpdateOptions<BsonDocument, BsonDocument?> { IsUpsert = upsert, ReturnDocument = ReturnDocument.Before, Projection = Known };
        return session is null
            ? collection.FindOneAndUpdateAsync(filter, update, options, cancellationToken)
            : collection.FindOneAndUpdateAsync(session, filter, update, options, cancellationToken);
    }

    private Task<BsonDocument?> FindAsync(BsonDocument filter, CancellationToken cancellationToken)
    {
        var find = session is null ? collection.Find(filter) : collection.Find(session, filter);
        return find.Project<BsonDocument?>(Known).FirstOrDefaultAsync(cancellationToken)!;
    }
}
