using Microsoft.Extensions.Options;
using Outbox.Inbox;
using Outbox.Inbox.Operations;
using Outbox.Inbox.Sequencing;
using Outbox.Operations;
using Outbox.Operations.Auditing;
using Outbox.Operations.Failures;
using Outbox.Testing.Operations;
using Outbox.Testing.Store;

namespace Outbox.Testing.Inbox;

/// <summary>What a person does about messages that could not be processed, each in one step of the store.</summary>
internal sealed class InMemoryInboxActs(InMemoryAudit audit, IOptions<OutboxOptions> options, TimeProvider time)
{
    public bool Retry(Tables tables, string id, Decision decision, string? operationId = null)
    {
        if (tables.InboxParked.Find(entry => entry.Id == id) is not { } entry)
        {
            return false;
        }

        Again(entry, operationId);
        audit.Write(tables, Entry(AuditActs.Retry, entry, decision, "to be tried again") with { OperationId = operationId });
        return true;
    }

    /// <exception cref="OutboxException">It waits for a predecessor.</exception>
    public bool Discard(Tables tables, string id, Decision decision, string? operationId = null)
    {
        if (tables.InboxParked.Find(entry => entry.Id == id) is not { Message: var message } entry)
        {
            return false;
        }

        var hasStepped = message is { EntityId: not null, Version: { } version, Hold: false }
            && StepBehind(tables, entry.Sequence, version, message.InSequence || message.Reason == ParkReason.Gap);
        var (key, now) = (InboxSteps.KeyOf(message.Endpoint, message.RecordTopic, message.MessageId ?? ""), time.GetUtcNow());
        ProcessedEntry? before = tables.Inbox.TryGetValue(key, out var known) ? known : null;
        var records = message.MessageId is not null && before is null or { Consumers: not null };
        if (records)
        {
            InboxSteps.NoteWhole(tables, key, now);
        }

        (entry.Retry, entry.Overdue) = (false, false);
        tables.InboxParked.Remove(entry);
        var note = new DiscardNote(now, decision.By.Named(options.Value.Source), decision.Reason) { OperationId = operationId };
        tables.InboxDiscarded.Add(new DiscardedInboxEntry(entry, note, hasStepped, records, before));
        audit.Write(tables, Entry(AuditActs.Discard, entry, decision, "discarded") with { OperationId = operationId });
        return true;
    }

    /// <exception cref="OutboxException">Something has gone past it.</exception>
    public bool Restore(Tables tables, string id, Decision decision, string? operationId = null)
    {
        if (tables.InboxDiscarded.Find(entry => entry.Parked.Id == id) is not { Parked: { Message: var message } entry } discarded)
        {
            return false;
        }

        var state = tables.SequenceOf(entry.Sequence);
        if (discarded.HasStepped && state.Version != message.Version)
        {
            throw new OutboxException($"Message {message.MessageId} cannot be restored: since it was discarded, version {message.Version + 1} or a later one of its entity has been processed.");
        }

        if (discarded.HasStepped)
        {
            tables.Sequences[entry.Sequence] = state with { Version = state.Version - 1, IsMoved = true };
        }

        if (discarded.WasRecorded)
        {
            Forget(tables, InboxSteps.KeyOf(message.Endpoint, message.RecordTopic, message.MessageId!), discarded.Record);
        }

        tables.InboxDiscarded.Remove(discarded);
        if (!tables.InboxParked.Exists(parked => parked.Is(message)))
        {
            tables.InboxParked.Add(entry);
        }

        audit.Write(tables, Entry(AuditActs.Restore, entry, decision, "parked again") with { OperationId = operationId });
        return true;
    }

    public void CheckEdit(string payload) => PayloadEdit.Check(payload, options.Value);

    /// <exception cref="OutboxException">It is not what was looked at, or has no payload to replace.</exception>
    public bool Edit(Tables tables, string id, (string Payload, string ETag) edit, Decision decision)
    {
        if (tables.InboxParked.Find(entry => entry.Id == id) is not { } entry)
        {
            return false;
        }

        if (InMemoryInboxFailures.ETagOf(entry) != edit.ETag)
        {
            throw new OutboxException("The message is not any more what was looked at: it was parked again, retried or edited meanwhile. Look at it again.");
        }

        var original = ParkedPayload.Of(entry.Message);
        entry.Message = ParkedPayload.Replace(entry.Message, edit.Payload);
        Again(entry, operationId: null);
        audit.Write(tables, Entry(AuditActs.Edit, entry, decision, "edited, and to be tried again") with { Original = original });
        return true;
    }

    public void Released(Sequence sequence, Decision decision, InMemoryStore store) => store.Run(tables => audit.Write(
        tables, new AuditEntry(AuditActs.Release, $"sequence of {sequence}", decision.By, decision.Reason, "goes on") { EntityId = sequence.EntityId, Topic = sequence.Topic, Endpoint = sequence.Endpoint }));

    /// <summary>Those that a filter has, in the order in which they were to be processed.</summary>
    public static List<string> Chosen(Tables tables, ParkedInboxFilter filter) => [.. tables.InboxParked.Where(entry => InMemoryInboxFailures.Matches(filter, entry))
        .OrderBy(entry => entry.Message.EntityId, StringComparer.Ordinal).ThenBy(entry => entry.Message.Version).Select(entry => entry.Id)];

    private static void Forget(Tables tables, (string Endpoint, string MessageId) key, ProcessedEntry? before)
    {
        if (before is { } partly)
        {
            tables.Inbox[key] = partly;
        }
        else
        {
            tables.Inbox.Remove(key);
        }
    }

    private void Again(ParkedEntry entry, string? operationId)
    {
        entry.Retry = true;
        entry.Failure = entry.Failure with { Retries = entry.Failure.Retries + 1, LastRetriedAt = time.GetUtcNow(), OperationId = operationId };
    }

    /// <returns>Whether the sequence has stepped behind it, and was not behind it before.</returns>
    private static bool StepBehind(Tables tables, Sequence sequence, long version, bool inSequence)
    {
        var state = tables.SequenceOf(sequence);
        if (!inSequence && !state.HasBegun)
        {
            return false;
        }

        if (state.Version < version - 1)
        {
            throw new OutboxException(
                $"Version {version} of entity '{sequence.EntityId}' waits for version {state.Version + 1} on endpoint '{sequence.Endpoint}'. Call ReleaseAsync for the "
                + "sequence, or discard the message that failed before it.");
        }

        if (state.Version != version - 1)
        {
            return false;
        }

        tables.Sequences[sequence] = state with { Version = version, Ready = state.Waits || state.Ready };
        return true;
    }

    private static AuditEntry Entry(string act, ParkedEntry entry, Decision decision, string outcome) =>
        new(act, $"message {entry.Message.MessageId ?? entry.Id}", decision.By, decision.Reason, outcome)
        {
            MessageIds = entry.Message.MessageId is { } messageId ? [messageId] : [],
            EntityType = entry.Message.EntityType,
            EntityId = entry.Message.EntityId,
            Topic = entry.Message.Topic,
            Endpoint = entry.Message.Endpoint,
        };
}
