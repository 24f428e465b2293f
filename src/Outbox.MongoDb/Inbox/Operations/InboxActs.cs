using System.Globalization;
using Microsoft.Extensions.Options;
using MongoDB.Bson;
using MongoDB.Driver;
using Outbox.Inbox;
using Outbox.Inbox.Operations;
using Outbox.Inbox.Sequencing;
using Outbox.MongoDb.Inbox.Parking;
using Outbox.MongoDb.Operations.Auditing;
using Outbox.MongoDb.Operations.Failures;
using Outbox.Operations;
using Outbox.Operations.Auditing;
using Outbox.Operations.Failures;
using static Outbox.MongoDb.Expressions;

namespace Outbox.MongoDb.Inbox.Operations;

/// <summary>What a person does, with its line in the audit, in one transaction.</summary>
internal sealed class InboxActs(OutboxCollections collections, InboxDiscards discards, InboxRestores restores, MongoAudit audit, IOptions<OutboxOptions> options)
{
    private const string ToBeTriedAgain = "to be tried again";

    /// <summary>What can be tried again: all that its endpoint holds whole, and that queues behind nothing.</summary>
    public static BsonDocument Retryable(BsonDocument filter) =>
        new("$and", new BsonArray { filter, ParkedSelection.IsNotHeld, new BsonDocument("omitted", BsonNull.Value) });

    /// <summary>Marks messages for their endpoints, which take them in the order of versions.</summary>
    /// <returns>With how many it was done.</returns>
    public async Task<int> RetryAsync(IClientSessionHandle session, BsonDocument which, Decision decision, string? operationId, CancellationToken cancellationToken)
    {
        var names = new BsonDocument { { "messageId", 1 }, { "entityType", 1 }, { "entityId", 1 }, { "topic", 1 }, { "endpoint", 1 } };
        var found = await collections.InboxParked.Find(session, which).Project(names).ToListAsync(cancellationToken).ConfigureAwait(false);
        if (found.Count > 0)
        {
            var ids = new BsonDocument("_id", new BsonDocument("$in", new BsonArray(found.Select(message => message["_id"]))));
            await collections.InboxParked.UpdateManyAsync(session, ids, Again(operationId), cancellationToken: cancellationToken).ConfigureAwait(false);
            await audit.WriteAsync(session, Entry(AuditActs.Retry, found, decision, ToBeTriedAgain) with { OperationId = operationId }, cancellationToken).ConfigureAwait(false);
        }

        return found.Count;
    }

    /// <returns>Whether there was such a message.</returns>
    /// <exception cref="OutboxException">It waits for a predecessor.</exception>
    public async Task<bool> DiscardAsync(IClientSessionHandle session, BsonDocument which, Decision decision, string? operationId, CancellationToken cancellationToken)
    {
        var discarded = await discards.DiscardAsync(session, which, decision, operationId, cancellationToken).ConfigureAwait(false);
        if (discarded is not null)
        {
            await audit.WriteAsync(session, Entry(AuditActs.Discard, [discarded], decision, "discarded") with { OperationId = operationId }, cancellationToken).ConfigureAwait(false);
        }

        return discarded is not null;
    }

    public async Task<bool> RestoreAsync(IClientSessionHandle session, ObjectId id, Decision decision, string? operationId, CancellationToken cancellationToken)
    {
        var restored = await restores.RestoreAsync(session, id, cancellationToken).ConfigureAwait(false);
        if (restored is not null)
        {
            await audit.WriteAsync(session, Entry(AuditActs.Restore, [restored], decision, "parked again") with { OperationId = operationId }, cancellationToken).ConfigureAwait(false);
        }

        return restored is not null;
    }

    /// <exception cref="OutboxException">It is not allowed, or the payload is not one.</exception>
    public void CheckEdit(string payload) => PayloadEdit.Check(payload, options.Value);

    /// <returns>Whether it was done; a message that cannot be tried again is left.</returns>
    public async Task<bool> EditAsync(IClientSessionHandle session, ObjectId id, (string Payload, string ETag) edit, Decision decision, CancellationToken cancellationToken)
    {
        var which = Retryable(new BsonDocument("_id", id));
        var parked = await collections.InboxParked.Find(session, which).FirstOrDefaultAsync(cancellationToken).ConfigureAwait(false);
        if (parked is null)
        {
            return false;
        }

        ETags.Check(parked, "value", edit.ETag);
        var message = ParkedDocument.Read(parked);
        var edited = ParkedPayload.Replace(message, edit.Payload);
        var change = Builders<BsonDocument>.Update.Set("value", new BsonBinaryData(edited.Value)).Set("headers", ParkedDocument.HeadersOf(edited));
        await collections.InboxParked.UpdateOneAsync(session, which, change, cancellationToken: cancellationToken).ConfigureAwait(false);
        await collections.InboxParked.UpdateOneAsync(session, which, Again(operationId: null), cancellationToken: cancellationToken).ConfigureAwait(false);
        var entry = Entry(AuditActs.Edit, [parked], decision, $"edited, and {ToBeTriedAgain}") with { Original = ParkedPayload.Of(message) };
        await audit.WriteAsync(session, entry, cancellationToken).ConfigureAwait(false);
        return true;
    }

    /// <summary>Writes down that the versions that a sequence waited for were given up.</summary>
    public Task ReleasedAsync(IClientSessionHandle session, Sequence sequence, long version, Decision decision, CancellationToken cancellationToken) => audit.WriteAsync(
        session,
        new AuditEntry(AuditActs.Release, $"sequence of {sequence}", decision.By, decision.Reason, string.Create(CultureInfo.InvariantCulture, $"goes on with version {version}"))
        {
            EntityType = sequence.EntityType.Length > 0 ? sequence.EntityType : null,
            EntityId = sequence.EntityId,
            Topic = sequence.Topic,
            Endpoint = sequence.Endpoint,
        },
        cancellationToken);

    private static UpdateDefinition<BsonDocument> Again(string? operationId) => Builders<BsonDocument>.Update.Pipeline(new BsonDocument[]
    {
        new("$set", new BsonDocument
        {
            { "retry", true },
            { FailureFields.Retries, Op("$add", Op("$ifNull", "$" + FailureFields.Retries, 0), 1) },
            { FailureFields.LastRetriedAt, Now },
            { FailureFields.OperationId, Literal(operationId), operationId is not null },
        }),
        new("$unset", operationId is null ? new BsonArray { "retryAt", FailureFields.OperationId } : ["retryAt"]),
    });

    private static AuditEntry Entry(string act, IReadOnlyList<BsonDocument> messages, Decision decision, string outcome)
    {
        var (one, ids) = (messages.Count == 1 ? messages[0] : [], messages.Select(message => FailureFields.Text(message, "messageId")).OfType<string>().ToList());
        var target = messages.Count == 1 ? $"message {(ids.Count > 0 ? ids[0] : one["_id"])}" : string.Create(CultureInfo.InvariantCulture, $"{messages.Count} parked messages of the inbox");
        return new AuditEntry(act, target, decision.By, decision.Reason, outcome)
        {
            MessageIds = ids,
            EntityType = FailureFields.Text(one, "entityType"),
            EntityId = FailureFields.Text(one, "entityId"),
            Topic = FailureFields.Text(one, "topic"),
            Endpoint = FailureFields.Text(one, "endpoint"),
        };
    }
}
