using Outbox.Inbox;
using Outbox.Testing.Capture;
using Outbox.Testing.Store;

namespace Outbox.Testing.Inbox;

/// <summary>What the inbox reads before a message is processed, and writes with it.</summary>
internal static class InboxSteps
{
    public static bool IsKnown(Tables tables, InboxRecord record, InMemoryTransactions transactions) =>
        tables.Inbox.TryGetValue(KeyOf(record), out var entry)
        && entry.At + transactions.Options.DuplicateDetectionWindow > transactions.Time.GetUtcNow()
        && (entry.Consumers is null || record.Consumer is null || entry.Consumers.Contains(record.Consumer));

    public static (string Endpoint, string MessageId) KeyOf(string endpoint, string? topic, string messageId) => (endpoint, topic is null ? messageId : $"{topic}/{messageId}");

    private static (string Endpoint, string MessageId) KeyOf(InboxRecord record) => KeyOf(record.Endpoint, record.Topic, record.MessageId);

    public static InboxOutcome PlaceOf(Tables tables, InboxRecord record, InMemoryTransactions transactions)
    {
        if (IsKnown(tables, record, transactions))
        {
            return InboxOutcome.Duplicate;
        }

        if (record.Sequence is null)
        {
            return InboxOutcome.Processed;
        }

        var last = tables.SequenceOf(record.Sequence).Version;
        return (record.Version ?? 0).CompareTo(last + 1) switch
        {
            0 => InboxOutcome.Processed,
            > 0 => InboxOutcome.Early,
            _ => InboxOutcome.Stale,
        };
    }

    /// <returns>What the message came to: others may have begun to wait for it in the meantime.</returns>
    public static InboxOutcome Record(Tables tables, InboxRecord record, InboxOutcome outcome, DateTimeOffset now)
    {
        if (outcome == InboxOutcome.Stale)
        {
            NoteWhole(tables, KeyOf(record), now);
            return outcome;
        }

        if (!Note(tables, record, now) || record.Sequence is null)
        {
            return outcome;
        }

        var state = tables.SequenceOf(record.Sequence);
        tables.Sequences[record.Sequence] = state with { Version = record.Version ?? 0, Ready = state.Waits || state.Ready };
        return state.Waits ? InboxOutcome.ProcessedAndAwaited : InboxOutcome.Processed;
    }

    /// <summary>No consumer processes the message any more.</summary>
    public static void NoteWhole(Tables tables, (string Endpoint, string MessageId) key, DateTimeOffset now)
    {
        if (!tables.Inbox.TryGetValue(key, out var known) || known.Consumers is not null)
        {
            tables.Inbox[key] = new ProcessedEntry(now);
        }
    }

    /// <returns>Whether all consumers of the message have processed it.</returns>
    private static bool Note(Tables tables, InboxRecord record, DateTimeOffset now)
    {
        var key = KeyOf(record);
        IReadOnlyList<string> others = tables.Inbox.TryGetValue(key, out var known) ? known.Consumers ?? [] : [];
        var completes = record.Completes(others);
        tables.Inbox[key] = new ProcessedEntry(now, completes ? null : [.. others, record.Consumer!]);
        return completes;
    }
}
