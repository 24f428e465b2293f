using Outbox.Capture;
using Outbox.Inbox;
using Outbox.Testing.Capture;
using Outbox.Testing.Store;

namespace Outbox.Testing.Inbox;

/// <summary>Takes the duplicates out and processes the rest together.</summary>
internal sealed class InMemoryBatchInbox(InMemoryStore store, InMemoryTransactions transactions, KeyLocks locks) : IBatchInbox
{
    /// <inheritdoc/>
    public async Task<IReadOnlyList<InboxOutcome>> ExecuteAsync(
        IReadOnlyList<InboxRecord> records,
        Func<IOutboxTransaction, IReadOnlyList<int>, CancellationToken, Task> handler,
        CancellationToken cancellationToken)
    {
        object[] keys = [.. records.Select(record => (record.Endpoint, record.MessageId)).Distinct().Order()];
        using var turn = await locks.EnterAsync(keys, cancellationToken).ConfigureAwait(false);
        var fresh = store.Run(tables => Fresh(tables, records));
        var outcomes = Enumerable.Repeat(InboxOutcome.Duplicate, records.Count).ToArray();
        if (fresh.Count == 0)
        {
            return outcomes;
        }

        return await transactions.RunAsync(
            cause: null,
            async (transaction, token) =>
            {
                await handler(transaction, fresh, token).ConfigureAwait(false);
                return fresh;
            },
            (tables, processed) =>
            {
                foreach (var index in processed)
                {
                    outcomes[index] = InboxSteps.Record(tables, records[index], InboxOutcome.Processed, transactions.Time.GetUtcNow());
                }

                return outcomes;
            },
            cancellationToken).ConfigureAwait(false);
    }

    private List<int> Fresh(Tables tables, IReadOnlyList<InboxRecord> records)
    {
        var seen = new HashSet<string>(StringComparer.Ordinal);
        return [.. Enumerable.Range(0, records.Count).Where(index => seen.Add(records[index].MessageId) && !InboxSteps.IsKnown(tables, records[index], transactions))];
    }
}
