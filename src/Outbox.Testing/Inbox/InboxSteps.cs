using Outbox.Inbox;
using Outbox.Testing.Capture;
using Outbox.Testing.Store;

namespace Outbox.Testing.Inbox;

/// <summary>What the inbox reads before a message is processed, and writes with it.</summary>
internal static class InboxSteps
{
    public static bool IsKnown(Tables tables, InboxRecord record, InMemoryTransactions transactions) =>
        tables.Inbox.TryGetValue(KeyOf(record), out var entry)
        && entry.At + transactions.Options.DuplicateDetectionWindow > transactions.Time.GetUtcNow();

    private static (string Endpoint, string MessageId) KeyOf(InboxRecord record) =>
        (record.Endpoint, record.Topic is null ? record.MessageId : $"{record.Topic}/{record.MessageId}");

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
        tables.Inbox[KeyOf(record)] = new ProcessedEntry(now);
        if (record.Sequence is null || outcome == InboxOutcome.Stale)
        {
            return outcome;
        }

        var state = tables.SequenceOf(record.Sequence);
        tables.Sequences[record.Sequence] = state with { Version = record.Version ?? 0, Ready = state.Waits || state.Ready };
        return state.Waits ? InboxOutcome.ProcessedAndAwaited : InboxOutcome.Processed;
    }
}
