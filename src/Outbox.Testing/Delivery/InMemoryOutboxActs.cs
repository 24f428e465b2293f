using System.Globalization;
using Microsoft.Extensions.Options;
using Outbox.Delivery.Operations;
using Outbox.Operations;
using Outbox.Operations.Auditing;
using Outbox.Operations.Failures;
using Outbox.Testing.Operations;
using Outbox.Testing.Store;

namespace Outbox.Testing.Delivery;

/// <summary>What a person does about messages that could not be published, each in one step of the store.</summary>
internal sealed class InMemoryOutboxActs(InMemoryAudit audit, IOptions<OutboxOptions> options, TimeProvider time)
{
    public bool Retry(Tables tables, string messageId, Decision decision, string? operationId = null)
    {
        if (!tables.Parked.Remove(messageId, out var parked))
        {
            return false;
        }

        PutBack(tables, parked, operationId);
        Write(tables, AuditActs.Retry, parked, decision, "put back into the outbox", operationId);
        return true;
    }

    public bool Discard(Tables tables, string messageId, Decision decision, string? operationId = null)
    {
        if (!tables.Parked.Remove(messageId, out var parked))
        {
            return false;
        }

        tables.Outbox.Remove(messageId);
        var note = new DiscardNote(time.GetUtcNow(), decision.By.Named(options.Value.Source), decision.Reason) { OperationId = operationId };
        tables.Discarded[messageId] = new DiscardedEntry(parked with { Discarded = note });
        Write(tables, AuditActs.Discard, parked, decision, "discarded", operationId);
        return true;
    }

    /// <exception cref="OutboxException">Something has gone past it.</exception>
    public bool Restore(Tables tables, string messageId, Decision decision, string? operationId = null)
    {
        if (!tables.Discarded.TryGetValue(messageId, out var discarded))
        {
            return false;
        }

        if (discarded.IsPassed || tables.Outbox.ContainsKey(messageId) || tables.Parked.ContainsKey(messageId))
        {
            throw new OutboxException($"Message {messageId} cannot be restored: a later message of entity '{discarded.Parked.Message.EntityId}' may have been published since it was discarded.");
        }

        tables.Discarded.Remove(messageId);
        tables.Parked[messageId] = discarded.Parked with { Discarded = null };
        Write(tables, AuditActs.Restore, discarded.Parked, decision, "parked again", operationId);
        return true;
    }

    public void CheckEdit(string payload) => PayloadEdit.Check(payload, options.Value);

    /// <exception cref="OutboxException">It is not what was looked at.</exception>
    public bool Edit(Tables tables, string messageId, (string Payload, string ETag) edit, Decision decision)
    {
        if (!tables.Parked.TryGetValue(messageId, out var parked))
        {
            return false;
        }

        if (InMemoryOutboxFailures.ETagOf(parked) != edit.ETag)
        {
            throw new OutboxException("The message is not any more what was looked at: it was parked again, retried or edited meanwhile. Look at it again.");
        }

        tables.Parked.Remove(messageId);
        PutBack(tables, parked with { Message = parked.Message with { Payload = edit.Payload } }, operationId: null);
        audit.Write(tables, Entry(AuditActs.Edit, parked, decision, "edited and put back into the outbox") with { Original = parked.Message.Payload });
        return true;
    }

    public bool Replay(Tables tables, string messageId, Decision decision)
    {
        if (!tables.Sent.TryGetValue(messageId, out var sent))
        {
            return false;
        }

        tables.Outbox[messageId] = sent;
        Write(tables, AuditActs.Replay, new ParkedOutboxMessage(sent, "", 0, HoldsEntity: false, default), decision, "published once more");
        return true;
    }

    /// <summary>Those that a filter has, in the order in which they were to be published.</summary>
    public static List<string> Chosen(Tables tables, ParkedFilter filter) => [.. tables.Parked.Values.Where(parked => InMemoryOutboxFailures.Matches(filter, parked))
        .OrderBy(parked => parked.Message.EntityId, StringComparer.Ordinal).ThenBy(parked => parked.Message.EntityType, StringComparer.Ordinal)
        .ThenBy(parked => parked.Message.Version).ThenBy(parked => parked.Message.Ordinal).Select(parked => parked.Message.MessageId)];

    private void PutBack(Tables tables, ParkedOutboxMessage parked, string? operationId)
    {
        tables.Outbox[parked.Message.MessageId] = parked.Message;
        tables.Failures[parked.Message.MessageId] = parked.Failure with { Retries = parked.Failure.Retries + 1, LastRetriedAt = time.GetUtcNow(), OperationId = operationId };
    }

    private void Write(Tables tables, string act, ParkedOutboxMessage message, Decision decision, string outcome, string? operationId = null) =>
        audit.Write(tables, Entry(act, message, decision, outcome) with { OperationId = operationId });

    private static AuditEntry Entry(string act, ParkedOutboxMessage parked, Decision decision, string outcome) =>
        new(act, string.Create(CultureInfo.InvariantCulture, $"message {parked.Message.MessageId}"), decision.By, decision.Reason, outcome)
        {
            MessageIds = [parked.Message.MessageId],
            EntityType = parked.Message.EntityType,
            EntityId = parked.Message.EntityId,
            Topic = parked.Message.Topic,
        };
}
