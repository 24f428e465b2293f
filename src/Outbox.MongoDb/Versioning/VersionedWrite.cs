using MongoDB.Bson;
using MongoDB.Driver;
using Outbox.Versioning;

namespace Outbox.MongoDb.Versioning;

/// <summary>The commands behind version-checked changes of one entity.</summary>
internal sealed class VersionedWrite(IMongoCollection<BsonDocument> collection, IClientSessionHandle? session, MessageStamp stamp, StampFields fields)
{
    /// <summary>Another writer wins once, or a few times. Beyond that it is not a race, and the caller is told.</summary>
    public const int Attempts = 10;

    /// <summary>
    /// A pipeline decides on the server between the new state and the old, so it inserts, replaces or leaves alone without ever failing on a
    /// duplicate key, which would abort the transaction. What was there before tells the outcome.
    /// </summary>
    public async Task<ApplyOutcome> ReplaceAsync(BsonValue id, BsonDocument state, bool revives, CancellationToken cancellationToken)
    {
        var pipeline = Replacement(stamp, fields, state, revives);
        for (var attempt = 1; ; attempt++)
        {
            try
            {
                return Decide(await ModifyAsync(new BsonDocument("_id", id), pipeline, upsert: true, cancellationToken).ConfigureAwait(false), revives);
            }
            catch (MongoCommandException error) when (IsRace(error, attempt))
            {
                // Another writer inserted the entity in the same moment: decide again.
            }
        }
    }

    public async Task<ApplyOutcome> UpdateAsync(BsonValue id, VersionedUpdate update, CancellationToken cancellationToken)
    {
        var older = new BsonDocument { { "_id", id }, { "$expr", VersionExpression.Takes(fields, stamp, revives: false) } };
        var changed = update.Of(stamp);
        for (var attempt = 1; attempt <= Attempts; attempt++)
        {
            if (await ModifyAsync(older, changed, upsert: false, cancellationToken).ConfigureAwait(false) is not null)
            {
                return ApplyOutcome.Applied;
            }

            if (await FindAsync(new BsonDocument("_id", id), cancellationToken).ConfigureAwait(false) is not { } met)
            {
                if (await InsertAsync(id, update, attempt, cancellationToken).ConfigureAwait(false))
                {
                    return ApplyOutcome.Applied;
                }
            }
            else if (Decide(met, revives: false) is not ApplyOutcome.Applied and var outcome)
            {
                return outcome;
            }

            // Another writer put an older state there since the first look.
        }

        throw new OutboxException(
            $"Whether message {stamp.MessageId} is newer than what collection '{collection.CollectionNamespace.CollectionName}' has of entity '{stamp.EntityId}' could not be decided in "
            + $"{Attempts} attempts: others insert and remove it all the time, or the collection's collation takes different ids for equal.");
    }

    /// <summary>Takes the new state, an expression, or keeps the old one.</summary>
    public static UpdateDefinition<BsonDocument> Replacement(MessageStamp stamp, StampFields fields, BsonDocument state, bool revives)
    {
        var choice = new BsonDocument("$cond", new BsonArray { VersionExpression.Takes(fields, stamp, revives), state, "$$ROOT" });
        return Builders<BsonDocument>.Update.Pipeline(new BsonDocument[] { new("$replaceWith", choice) });
    }

    /// <returns>Whether it was inserted; otherwise another writer did so since it was looked for.</returns>
    private async Task<bool> InsertAsync(BsonValue id, VersionedUpdate update, int attempt, CancellationToken cancellationToken)
    {
        // An upsert's filter cannot have an expression. Where the entity is there after all, inserting it fails.
        var absent = new BsonDocument { { "_id", id }, { fields.Version, new BsonDocument("$exists", false) } };
        try
        {
            await ModifyAsync(absent, update.OfInsert(stamp), upsert: true, cancellationToken).ConfigureAwait(false);
            return true;
        }
        catch (MongoCommandException error) when (IsRace(error, attempt))
        {
            return false;
        }
    }

    /// <summary>In a transaction nothing can be tried again: the error has aborted it.</summary>
    private bool IsRace(MongoCommandException error, int attempt) => attempt < Attempts && session is not { IsInTransaction: true } && DuplicateKeys.IsOfId(error);

    private ApplyOutcome Decide(BsonDocument? met, bool revives)
    {
        if (met is null)
        {
            return ApplyOutcome.Applied;
        }

        var state = new StoredStamp(
            Field(met, fields.Version, value => value.IsNumeric)?.ToInt64() ?? 0,
            Field(met, fields.LastMessageId, value => value.IsString)?.AsString,
            Field(met, fields.LastUpdated, value => value.IsBsonDateTime)?.ToUniversalTime(),
            met.GetValue(StampFields.Deleted, false) == BsonBoolean.True);
        return VersionRule.Decide(state, stamp, revives);
    }

    private BsonValue? Field(BsonDocument met, string name, Func<BsonValue, bool> isRight)
    {
        var value = met.GetValue(name, BsonNull.Value);
        return value.IsBsonNull ? null : isRight(value) ? value : throw new OutboxException(
            $"The document '{stamp.EntityId}' of collection '{collection.CollectionNamespace.CollectionName}' has a {value.BsonType} in its field '{name}', which no "
            + $"version-checked change writes. Keep {fields.Version} a number, {fields.LastMessageId} a string and {fields.LastUpdated} a date.");
    }

    private Task<BsonDocument?> ModifyAsync(
        FilterDefinition<BsonDocument> filter, UpdateDefinition<BsonDocument> update, bool upsert, CancellationToken cancellationToken)
    {
        var options = new FindOneAndUpdateOptions<BsonDocument, BsonDocument?> { IsUpsert = upsert, ReturnDocument = ReturnDocument.Before, Projection = fields.Projection };
        return session is null
            ? collection.FindOneAndUpdateAsync(filter, update, options, cancellationToken)
            : collection.FindOneAndUpdateAsync(session, filter, update, options, cancellationToken);
    }

    private Task<BsonDocument?> FindAsync(BsonDocument filter, CancellationToken cancellationToken)
    {
        var find = session is null ? collection.Find(filter) : collection.Find(session, filter);
        return find.Project<BsonDocument?>(fields.Projection).FirstOrDefaultAsync(cancellationToken)!;
    }
}
