using System.Globalization;
using Microsoft.Extensions.Options;
using MongoDB.Bson;
using MongoDB.Driver;
using Outbox.MongoDb.Operations.Auditing;
using Outbox.MongoDb.Operations.Failures;
using Outbox.Operations;
using Outbox.Operations.Auditing;
using Outbox.Operations.Failures;

namespace Outbox.MongoDb.Delivery.Parking;

/// <summary>What a person does, with its line in the audit, in one transaction.</summary>
internal sealed class OutboxActs(OutboxCollections collections, OutboxMoves moves, MongoAudit audit, IOptions<OutboxOptions> options)
{
    private static readonly ReplaceOptions Upsert = new() { IsUpsert = true };

    public void Wake() => moves.Wake();

    public Task<bool> RetryAsync(IClientSessionHandle session, string messageId, Decision decision, CancellationToken cancellationToken) =>
        OnOneAsync(session, new SomeParked(AuditActs.Retry, [messageId], []), decision, cancellationToken);

    public Task<bool> DiscardAsync(IClientSessionHandle session, string messageId, Decision decision, CancellationToken cancellationToken) =>
        OnOneAsync(session, new SomeParked(AuditActs.Discard, [messageId], []), decision, cancellationToken);

    /// <returns>With how many it was done.</returns>
    public async Task<int> ActOnAsync(IClientSessionHandle session, SomeParked some, Decision decision, CancellationToken cancellationToken)
    {
        var parked = await moves.FindAsync(session, some.Ids, some.Filter, cancellationToken).ConfigureAwait(false);
        if (parked.Count == 0)
        {
            return 0;
        }

        var isRetry = some.Act == AuditActs.Retry;
        await (isRetry ? moves.RetryAsync(session, parked, some.OperationId, cancellationToken) : moves.DiscardAsync(session, parked, decision, some.OperationId, cancellationToken))
            .ConfigureAwait(false);
        var entry = Entry(some.Act, parked, decision, isRetry ? "put back into the outbox" : "discarded") with { OperationId = some.OperationId };
        await audit.WriteAsync(session, entry, cancellationToken).ConfigureAwait(false);
        return parked.Count;
    }

    public Task<bool> RestoreAsync(IClientSessionHandle session, string messageId, Decision decision, CancellationToken cancellationToken) =>
        RestoreAsync(session, messageId, decision, operationId: null, cancellationToken);

    public async Task<bool> RestoreAsync(IClientSessionHandle session, string messageId, Decision decision, string? operationId, CancellationToken cancellationToken)
    {
        if (await moves.RestoreAsync(session, messageId, cancellationToken).ConfigureAwait(false) is not { } restored)
        {
            return false;
        }

        await audit.WriteAsync(session, Entry(AuditActs.Restore, [restored], decision, "parked again") with { OperationId = operationId }, cancellationToken).ConfigureAwait(false);
        return true;
    }

    /// <exception cref="OutboxException">It is not allowed, or the payload is not one.</exception>
    public void CheckEdit(string payload)
    {
        PayloadEdit.Check(payload, options.Value);
    }

    public async Task<bool> EditAsync(IClientSessionHandle session, string messageId, string payload, string etag, Decision decision, CancellationToken cancellationToken)
    {
        var found = await moves.FindAsync(session, [messageId], [], cancellationToken).ConfigureAwait(false);
        if (found.Count == 0)
        {
            return false;
        }

        var parked = found[0];
        ETags.Check(parked, "payload", etag);
        var original = parked.GetValue("payload", BsonNull.Value);
        parked["payload"] = payload;
        await moves.RetryAsync(session, found, operationId: null, cancellationToken).ConfigureAwait(false);
        var entry = Entry(AuditActs.Edit, found, decision, "edited and put back into the outbox") with { Original = original.IsString ? original.AsString : original.ToJson() };
        await audit.WriteAsync(session, entry, cancellationToken).ConfigureAwait(false);
        return true;
    }

    public async Task<bool> ReplayAsync(IClientSessionHandle session, string messageId, Decision decision, CancellationToken cancellationToken)
    {
        var id = new BsonDocument("_id", messageId);
        var sent = await collections.Sent.Find(session, id).FirstOrDefaultAsync(cancellationToken).ConfigureAwait(false);
        if (sent is null)
        {
            return false;
        }

        await collections.OutboxDocuments.ReplaceOneAsync(session, id, ParkedDocument.Stored(sent, options.Value.Lanes), Upsert, cancellationToken).ConfigureAwait(false);
        await audit.WriteAsync(session, Entry(AuditActs.Replay, [sent], decision, "published once more"), cancellationToken).ConfigureAwait(false);
        return true;
    }

    private async Task<bool> OnOneAsync(IClientSessionHandle session, SomeParked one, Decision decision, CancellationToken cancellationToken) =>
        await ActOnAsync(session, one, decision, cancellationToken).ConfigureAwait(false) > 0;

    private static AuditEntry Entry(string act, IReadOnlyList<BsonDocument> messages, Decision decision, string outcome)
    {
        var (one, ids) = (messages.Count == 1 ? messages[0] : [], messages.Select(message => message["_id"].ToString()!).ToList());
        var target = messages.Count == 1 ? $"message {ids[0]}" : string.Create(CultureInfo.InvariantCulture, $"{messages.Count} parked messages of the outbox");
        return new AuditEntry(act, target, decision.By, decision.Reason, outcome)
        {
            MessageIds = ids,
            EntityType = FailureFields.Text(one, "entityType"),
            EntityId = FailureFields.Text(one, "entityId"),
            Topic = FailureFields.Text(one, "topic"),
        };
    }
}
