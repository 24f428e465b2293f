using MongoDB.Bson;
using MongoDB.Driver;
using Outbox.Capture;
using Outbox.Inbox;
using Outbox.MongoDb.Capture;

namespace Outbox.MongoDb.Inbox;

/// <summary>
/// The records are the transaction's first write, all at once, of messages that other consumers process too after a look at how far these are. When one of them is there already, the insert fails, and all runs again with a look for the
/// duplicates first. Where one duplicate came, more will: batches look first until one of them finds none.
/// </summary>
internal sealed class MongoBatchInbox(OutboxCollections collections, MongoTransactions transactions, TimeProvider time) : IBatchInbox
{
    private volatile bool _looksFirst;

    /// <inheritdoc/>
    public async Task<IReadOnlyList<InboxOutcome>> ExecuteAsync(
        IReadOnlyList<InboxRecord> records,
        Func<IOutboxTransaction, IReadOnlyList<int>, CancellationToken, Task> handler,
        CancellationToken cancellationToken)
    {
        var looks = _looksFirst || records.Any(record => record.IsShared);
        while (true)
        {
            try
            {
                var fresh = await transactions.RunAsync<IReadOnlyList<int>>(
                    null, (transaction, token) => RunAsync(transaction, records, looks, handler, token), cancellationToken).ConfigureAwait(false);
                _looksFirst = looks && fresh.Count < records.Count && !records.Any(record => record.IsShared);
                return Outcomes(records.Count, fresh);
            }
            catch (ProcessedBeforeException)
            {
                // Its record is committed, so the next attempt's look finds it.
                looks = true;
            }
        }
    }

    private static InboxOutcome[] Outcomes(int count, IReadOnlyList<int> fresh)
    {
        var outcomes = new InboxOutcome[count];
        Array.Fill(outcomes, InboxOutcome.Duplicate);
        foreach (var index in fresh)
        {
            outcomes[index] = InboxOutcome.Processed;
        }

        return outcomes;
    }

    private async Task<IReadOnlyList<int>> RunAsync(
        MongoOutboxTransaction transaction,
        IReadOnlyList<InboxRecord> records,
        bool looks,
        Func<IOutboxTransaction, IReadOnlyList<int>, CancellationToken, Task> handler,
        CancellationToken cancellationToken)
    {
        var known = looks ? await KnownAsync(transaction.Session, records, cancellationToken).ConfigureAwait(false) : [];
        var seen = new HashSet<string>(StringComparer.Ordinal);
        var fresh = Enumerable.Range(0, records.Count).Where(index => seen.Add(records[index].MessageId) && IsFresh(known, records[index])).ToList();
        if (fresh.Count > 0)
        {
            await WriteAsync(transaction.Session, known, fresh.ConvertAll(index => records[index]), cancellationToken).ConfigureAwait(false);
            await handler(transaction, fresh, cancellationToken).ConfigureAwait(false);
        }

        return fresh;
    }

    private static bool IsFresh(Dictionary<string, BsonDocument> known, InboxRecord record) =>
        !known.TryGetValue(record.MessageId, out var document) || !InboxDocument.IsDone(document, record);

    private async Task<Dictionary<string, BsonDocument>> KnownAsync(
        IClientSessionHandle session, IReadOnlyList<InboxRecord> records, CancellationToken cancellationToken)
    {
        var among = new BsonDocument("_id", new BsonDocument("$in", new BsonArray(records.Select(InboxDocument.Id))));
        var found = await collections.Inbox.Find(session, among).Project(InboxDocument.Progress).ToListAsync(cancellationToken).ConfigureAwait(false);
        return found.ToDictionary(document => document["_id"]["messageId"].AsString, StringComparer.Ordinal);
    }

    private async Task WriteAsync(
        IClientSessionHandle session, Dictionary<string, BsonDocument> known, List<InboxRecord> fresh, CancellationToken cancellationToken)
    {
        var now = time.GetUtcNow();
        var added = fresh.FindAll(record => !known.ContainsKey(record.MessageId));
        if (added.Count > 0)
        {
            await InsertAsync(session, added.Select(record => InboxDocument.Processed(record, now)), cancellationToken).ConfigureAwait(false);
        }

        var joined = fresh.FindAll(record => known.ContainsKey(record.MessageId)).ConvertAll(WriteModel<BsonDocument> (record) => new UpdateOneModel<BsonDocument>(
            InboxDocument.ById(record), InboxDocument.Next(record, InboxDocument.Completes(known[record.MessageId], record), now)));
        if (joined.Count > 0)
        {
            await collections.Inbox.BulkWriteAsync(session, joined, cancellationToken: cancellationToken).ConfigureAwait(false);
        }
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
