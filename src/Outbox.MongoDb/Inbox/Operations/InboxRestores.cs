using Microsoft.Extensions.Options;
using MongoDB.Bson;
using MongoDB.Driver;
using Outbox.Inbox;
using Outbox.Inbox.Sequencing;
using Outbox.MongoDb.Inbox.Holding;
using Outbox.MongoDb.Inbox.Parking;
using Outbox.MongoDb.Inbox.Sequencing;
using Outbox.MongoDb.Operations.Failures;

namespace Outbox.MongoDb.Inbox.Operations;

/// <summary>
/// Undoes a discard, in the caller's transaction: the message is parked as it was, its sequence waits for it again, and its record is what it was. It is refused where something of its entity, that had to wait
/// for it, has been processed meanwhile.
/// </summary>
internal sealed class InboxRestores(OutboxCollections collections, TimeProvider time, IOptions<OutboxOptions> options)
{
    /// <summary>Records bear the times of hosts, and discards that of the server.</summary>
    private static readonly TimeSpan Skew = TimeSpan.FromMinutes(5);

    private static readonly IReadOnlyList<string> Added = [.. DiscardFields.Names, InboxDiscards.Stepped, InboxDiscards.Record];

    /// <returns>What is parked again; <see langword="null"/> if there is no such message.</returns>
    /// <exception cref="OutboxException">Something has gone past it.</exception>
    public async Task<BsonDocument?> RestoreAsync(IClientSessionHandle session, ObjectId id, CancellationToken cancellationToken)
    {
        var discarded = await collections.InboxDiscarded.FindOneAndDeleteAsync<BsonDocument?>(session, new BsonDocument("_id", id), cancellationToken: cancellationToken)
            .ConfigureAwait(false);
        if (discarded is null)
        {
            return null;
        }

        var message = ParkedDocument.Read(discarded);
        if (message.EntityId is { } entityId)
        {
            await StepBackAsync(session, new Sequence(message.Endpoint, message.Topic, entityId) { EntityType = message.EntityType ?? "" }, discarded, message, cancellationToken).ConfigureAwait(false);
        }

        if (discarded.TryGetValue(InboxDiscards.Record, out var record))
        {
            await ForgetAsync(session, message, record, cancellationToken).ConfigureAwait(false);
        }

        // What could not be read may have come and been parked once more.
        var restored = new BsonDocument(discarded.Where(field => !Added.Contains(field.Name)));
        if (!await collections.InboxParked.Find(session, ParkedDocument.Identity(message)).AnyAsync(cancellationToken).ConfigureAwait(false))
        {
            await collections.InboxParked.InsertOneAsync(session, restored, cancellationToken: cancellationToken).ConfigureAwait(false);
        }

        return restored;
    }

    private async Task StepBackAsync(IClientSessionHandle session, Sequence sequence, BsonDocument discarded, ParkedMessage message, CancellationToken cancellationToken)
    {
        if (message.Hold)
        {
            await RefusePassedAsync(session, discarded, message, cancellationToken).ConfigureAwait(false);

            // Whoever is about to go on with the queue looks at it again.
            await HoldQueue.WakeAsync(collections, session, sequence, cancellationToken).ConfigureAwait(false);
        }
        else if (discarded.GetValue(InboxDiscards.Stepped, false).AsBoolean)
        {
            var back = await collections.InboxSequences.UpdateOneAsync(
                session,
                SequenceDocument.Id(sequence).Add("version", message.Version),
                SequenceDocument.Meet().Set("version", message.Version!.Value - 1),
                cancellationToken: cancellationToken).ConfigureAwait(false);
            if (back.MatchedCount == 0)
            {
                throw Passed(message, $"version {message.Version + 1} or a later one of its entity has been processed");
            }
        }
    }

    /// <summary>While it was parked nothing passed it; so what has a later version and was processed since has passed it.</summary>
    private async Task RefusePassedAsync(IClientSessionHandle session, BsonDocument discarded, ParkedMessage message, CancellationToken cancellationToken)
    {
        var since = discarded[DiscardFields.At].ToUniversalTime() - Skew;
        if (since < time.GetUtcNow().UtcDateTime - options.Value.DuplicateDetectionWindow)
        {
            throw Passed(message, "the inbox no longer knows what was processed since it was discarded (Outbox:DuplicateDetectionWindow), and later messages of its entity may have been");
        }

        var later = new BsonDocument
        {
            { "processedAt", new BsonDocument("$gte", since) },
            { "_id.endpoint", message.Endpoint },
            { "entityId", message.EntityId },
            { "version", new BsonDocument("$gt", message.Version ?? 0) },
            { "_id.messageId", new BsonDocument("$ne", message.MessageId ?? "") },
            { "outcome", new BsonDocument("$ne", InboxDocument.Discarded) },
        };
        if (await collections.Inbox.Find(session, later, new FindOptions { Hint = new BsonDocument("processedAt", 1) }).AnyAsync(cancellationToken).ConfigureAwait(false))
        {
            throw Passed(message, "a later message of its entity has been processed");
        }
    }

    /// <summary>Where the record has expired meanwhile, what consumers had processed before the discard is remembered again.</summary>
    private async Task ForgetAsync(IClientSessionHandle session, ParkedMessage message, BsonValue before, CancellationToken cancellationToken)
    {
        var byId = InboxDocument.ById(new InboxRecord(message.Endpoint, message.MessageId!, message.Type ?? "") { Topic = message.RecordTopic });
        var now = await collections.Inbox.Find(session, byId).FirstOrDefaultAsync(cancellationToken).ConfigureAwait(false);
        if (now is not null && now["outcome"].AsString != InboxDocument.Discarded)
        {
            throw Passed(message, "it has been processed itself");
        }

        await (before is BsonDocument partly
            ? collections.Inbox.ReplaceOneAsync(session, byId, new BsonDocument(partly).Set("processedAt", time.GetUtcNow().UtcDateTime), new ReplaceOptions { IsUpsert = true }, cancellationToken)
            : (Task)collections.Inbox.DeleteOneAsync(session, byId, cancellationToken: cancellationToken)).ConfigureAwait(false);
    }

    private static OutboxException Passed(ParkedMessage message, string why) => new(
        $"Message {message.MessageId} of entity '{message.EntityId}' cannot be restored on endpoint '{message.Endpoint}': since it was discarded, {why}; and this one would follow out of order.");
}
