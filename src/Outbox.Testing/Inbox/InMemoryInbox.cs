using Outbox.Capture;
using Outbox.Inbox;
using Outbox.Testing.Capture;
using Outbox.Testing.Store;

namespace Outbox.Testing.Inbox;

/// <summary>A message that is being processed elsewhere at this moment is waited for: it is then a duplicate, or its handler has failed and this one runs.</summary>
internal sealed class InMemoryInbox(InMemoryStore store, InMemoryTransactions transactions, KeyLocks locks) : IInbox
{
    /// <inheritdoc/>
    public async Task<InboxOutcome> ExecuteAsync(
        InboxRecord record, Func<IOutboxTransaction, CancellationToken, Task> handler, CancellationToken cancellationToken)
    {
        object message = (record.Endpoint, record.MessageId);
        using var turn = await locks.EnterAsync(record.Sequence is { } sequence ? [message, sequence] : [message], cancellationToken).ConfigureAwait(false);
        var place = store.Run(tables => InboxSteps.PlaceOf(tables, record, transactions));
        if (place is InboxOutcome.Duplicate or InboxOutcome.Early)
        {
            return place;
        }

        return await transactions.RunAsync(
            new Cause(record.MessageId, record.CorrelationId),
            async (transaction, token) =>
            {
                if (place != InboxOutcome.Stale)
                {
                    await handler(transaction, token).ConfigureAwait(false);
                }

                return place;
            },
            (tables, outcome) => InboxSteps.Record(tables, record, outcome, transactions.Time.GetUtcNow()),
            cancellationToken).ConfigureAwait(false);
    }
}
