using MongoDB.Bson;
using MongoDB.Driver;
using Outbox.Messages;
using Outbox.MongoDb.Operations.Failures;

namespace Outbox.MongoDb.Delivery.Reading;

/// <summary>
/// Notes which discarded messages are gone past, before what goes past them can be published: such a one cannot be restored, for it would follow out of order. As long as nothing that held its entity is
/// discarded, a relay asks once for each reading of what is held.
/// </summary>
internal sealed class PassedMessages(OutboxCollections collections)
{
    /// <summary>Whether there are any that something may go past.</summary>
    public bool ThereMayBe { get; private set; }

    /// <summary>To be asked before what is held is read.</summary>
    public async Task LookAsync(CancellationToken cancellationToken) => ThereMayBe = await collections.Discarded
        .Find(FailureIndexes.IsUnpassed, new FindOptions { Hint = FailureIndexes.Unpassed }).Project(new BsonDocument("_id", 1)).Limit(1).AnyAsync(cancellationToken).ConfigureAwait(false);

    /// <summary>Notes what the messages of a page go past.</summary>
    public async Task NoteAsync(IReadOnlyList<OutboxMessage> page, CancellationToken cancellationToken)
    {
        if (page.Count == 0)
        {
            return;
        }

        var entities = page.ToLookup(message => message.EntityId);
        var behind = new BsonDocument(FailureIndexes.IsUnpassed) { { "entityId", new BsonDocument("$in", new BsonArray(entities.Select(entity => entity.Key))) } };
        var found = await collections.Discarded.Find(behind, new FindOptions { Hint = FailureIndexes.Unpassed })
            .Project(new BsonDocument { { "entityId", 1 }, { "entityType", 1 }, { "version", 1 }, { "ordinal", 1 } }).ToListAsync(cancellationToken).ConfigureAwait(false);
        var passed = new BsonArray(found.Where(message => entities[message["entityId"].AsString].Any(next => GoesPast(next, message))).Select(message => message["_id"]));
        if (passed.Count > 0)
        {
            await collections.Discarded.UpdateManyAsync(
                new BsonDocument("_id", new BsonDocument("$in", passed)), Builders<BsonDocument>.Update.Set(DiscardFields.Passed, true), cancellationToken: cancellationToken).ConfigureAwait(false);
        }
    }

    private static bool GoesPast(OutboxMessage next, BsonDocument discarded) =>
        (FailureFields.Text(discarded, "entityType") is not { } type || type == next.EntityType) && PlaceOf(discarded).CompareTo((next.Version, next.Ordinal)) < 0;

    /// <summary>What has no place, because it is no message, is before all.</summary>
    private static (long Version, int Ordinal) PlaceOf(BsonDocument message) =>
        (message.GetValue("version", 0L) is { IsNumeric: true } version ? version.ToInt64() : 0, message.GetValue("ordinal", 0) is { IsNumeric: true } ordinal ? ordinal.ToInt32() : 0);
}
