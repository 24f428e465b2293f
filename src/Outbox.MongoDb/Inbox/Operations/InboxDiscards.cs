using Microsoft.Extensions.Options;
using MongoDB.Bson;
using MongoDB.Driver;
using Outbox.Inbox;
using Outbox.Inbox.Sequencing;
using Outbox.MongoDb.Inbox.Holding;
using Outbox.MongoDb.Inbox.Parking;
using Outbox.MongoDb.Inbox.Sequencing;
using Outbox.MongoDb.Operations.Failures;
using Outbox.Operations;

namespace Outbox.MongoDb.Inbox.Operations;

/// <summary>Gives parked messages up, in the caller's transaction, and notes what it takes to undo that.</summary>
internal sealed class InboxDiscards(OutboxCollections collections, GapGiver gaps, TimeProvider time, IOptions<OutboxOptions> options)
{
    /// <summary>Whether the sequence has stepped behind the message when it was discarded.</summary>
    public const string Stepped = "stepped";

    /// <summary>What the record of the message was before; not there, where the record was left as it was.</summary>
    public const string Record = "record";

    /// <returns>What it was; <see langword="null"/> if it was not there.</returns>
    /// <exception cref="OutboxException">It waits for a predecessor.</exception>
    public async Task<BsonDocument?> DiscardAsync(IClientSessionHandle session, BsonDocument which, Decision decision, string? operationId, CancellationToken cancellationToken)
    {
        var parked = await collections.InboxParked.FindOneAndDeleteAsync<BsonDocument?>(session, which, cancellationToken: cancellationToken).ConfigureAwait(false);
        if (parked is null)
        {
            return null;
        }

        var message = ParkedDocument.Read(parked);
        var discarded = new BsonDocument(parked);
        discarded.Remove("retry");
        discarded.Remove("retryAt");
        discarded.Remove("overdue");
        discarded.Merge(DiscardFields.Of(decision.By.Named(options.Value.Source), decision.Reason, operationId));
        if (message.EntityId is { } entityId)
        {
            var sequence = new Sequence(message.Endpoint, message.Topic, entityId) { EntityType = message.EntityType ?? "" };
            discarded[Stepped] = await GoOnAsync(session, sequence, message, cancellationToken).ConfigureAwait(false);
        }

        if (message.MessageId is not null && await RecordAsync(session, message, cancellationToken).ConfigureAwait(false) is { } record)
        {
            discarded[Record] = record;
        }

        await collections.InboxDiscarded.UpdateOneAsync(
            session, new BsonDocument("_id", parked["_id"]), Expressions.Becomes(discarded, new BsonDocument(DiscardFields.At, Expressions.Now)), new UpdateOptions { IsUpsert = true }, cancellationToken)
            .ConfigureAwait(false);
        return parked;
    }

    /// <returns>Whether a sequence has stepped.</returns>
    private async Task<bool> GoOnAsync(IClientSessionHandle session, Sequence sequence, ParkedMessage message, CancellationToken cancellationToken)
    {
        if (message.Hold)
        {
            await HoldQueue.WakeAsync(collections, session, sequence, cancellationToken).ConfigureAwait(false);
            return false;
        }

        return message.Version is { } version
            && await gaps.StepBehindAsync(session, sequence, version, message.InSequence || message.Reason == ParkReason.Gap, cancellationToken).ConfigureAwait(false);
    }

    /// <summary>No consumer processes it any more, also none of those that have not yet.</summary>
    /// <returns>What there was: null where there was nothing; no value where it was whole, and stays.</returns>
    private async Task<BsonValue?> RecordAsync(IClientSessionHandle session, ParkedMessage message, CancellationToken cancellationToken)
    {
        var record = new InboxRecord(message.Endpoint, message.MessageId!, message.Type ?? "") { Topic = message.RecordTopic };
        var byId = InboxDocument.ById(record);
        var before = await collections.Inbox.Find(session, byId).FirstOrDefaultAsync(cancellationToken).ConfigureAwait(false);
        if (before is not null && !InboxDocument.IsPartly(before))
        {
            return null;
        }

        var now = time.GetUtcNow();
        var fields = new BsonDocument { { "type", record.Type }, { "outcome", InboxDocument.Discarded }, { "processedAt", now.UtcDateTime } };
        await (before is null
            ? collections.Inbox.InsertOneAsync(session, new BsonDocument(byId).Merge(fields), cancellationToken: cancellationToken)
            : collections.Inbox.UpdateOneAsync(session, byId, InboxDocument.Whole(InboxDocument.Discarded, now), cancellationToken: cancellationToken)).ConfigureAwait(false);
        return before ?? (BsonValue)BsonNull.Value;
    }
}
