using MongoDB.Bson;
using MongoDB.Driver;
using Outbox.Capture;
using Outbox.Inbox;
using Outbox.MongoDb.Capture;

namespace Outbox.MongoDb.Inbox;

/// <summary>
/// The transaction's first read finds the duplicates, its first write inserts the records of all others at once. A message that another instance commits in
/// between fails there, and all runs again without it.
/// </summary>
internal sealed class MongoBatchInbox(OutboxCollections collections, MongoTransactions transactions, TimeProvider time) : IBatchInbox
{
    /// <inheritdoc/>
    public async Task<IReadOnlyList<InboxOutcome>> ExecuteAsync(
        IReadOnlyList<InboxRecord> records,
        Func<IOutboxTransaction, IReadOnlyList<int>, CancellationToken, Task> handler,
        CancellationToken cancellationToken)
    {
        while (true)
        {
            try
            {
                var fresh = await transactions.RunAsync<IReadOnlyList<int>>(
                    null, (transaction, token) => RunAsync(transaction, records, handler, token), cancellationToken).ConfigureAwait(false);
                var outcomes = Enumerable.Repeat(InboxOutcome.Duplicate, records.Count).ToArray();
                foreach (var index in fresh)
                {
                    outcomes[index] = InboxOutcome.Processed;
                }

                return outcomes;
            }
            catch (ProcessedBeforeException)
            {
                // Its record is committed, so the next attempt's read finds it.
            }
        }
    }

    private async Task<IReadOnlyList<int>> RunAsync(
        MongoOutboxTransaction transaction,
        IReadOnlyList<InboxRecord> records,
        Func<IOutboxTransaction, IReadOnlyList<int>, CancellationToken, Task> handler,
        CancellationToken cancellationToken)
    {
        var fresh = await FreshAsync(transaction.Session, records, cancellationToken).ConfigureAwait(false);
        if (fresh.Count > 0)
        {
            await InsertAsync(transaction.Session, fresh.Select(index => InboxDocument.Processed(records[index], time.GetUtcNow())), cancellationToken)
                .ConfigureAwait(false);
            await handler(transaction, fresh, cancellationToken).ConfigureAwait(false);
        }

        return fresh;
    }

    private async Task<List<int>> FreshAsync(IClientSessionHandle session, IReadOnlyList<InboxRecord> records, CancellationToken cancellationToken)
    {
        var among = new BsonDocument("_id", new BsonDocument("$in", new BsonArray(records.Select(InboxDocument.Id))));
        var known = await collections.Inbox.Find(session, among).Project(new BsonDocument("_id", 1)).ToListAsync(cancellationToken).ConfigureAwait(false);
        var seen = known.Select(record => record["_id"]["messageId"].AsString).ToHashSet(StringComparer.Ordinal);
        return [.. Enumerable.Range(0, records.Count).Where(index => seen.Add(records[index].MessageId))];
    }

    private async Task InsertAsync(IClientSessionHandle session, IEnumerable<BsonDocument> records, CancellationToken cancellationToken)
    {
        try
        {
            await collections.Inbox.InsertManyAsync(session, records, cancellationToken: cancellationToken).ConfigureAwait(false);
        }
        catch (MongoBulkWriteException error) when (error.WriteErrors.Any(write => write.Category == ServerErrorCategory.DuplicateKey))
        {
            throw new ProcessedBeforeException();
        }
    }
}
