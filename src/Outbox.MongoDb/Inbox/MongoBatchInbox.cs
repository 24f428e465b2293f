using Microsoft.Extensions.Logging;
using MongoDB.Bson;
using MongoDB.Driver;
using Outbox.Capture;
using Outbox.Inbox;
using Outbox.MongoDb.Capture;

namespace Outbox.MongoDb.Inbox;

/// <summary>
/// The records are the transaction's first write, all at once. When one of them is there already, the insert fails, and all runs again with a look for the
/// duplicates first. Where one duplicate came, more will: batches look first until one of them finds none.
/// </summary>
internal sealed class MongoBatchInbox(OutboxCollections collections, MongoTransactions transactions, TimeProvider time, ILogger<MongoBatchInbox> logger) : IBatchInbox
{
    /// <summary>Whoever called splits the batch then; the halves have their own attempts.</summary>
    private const int MostAborted = 2;

    private volatile bool _looksFirst;

    /// <inheritdoc/>
    public async Task<IReadOnlyList<InboxOutcome>> ExecuteAsync(
        IReadOnlyList<InboxRecord> records,
        Func<IOutboxTransaction, IReadOnlyList<int>, CancellationToken, Task> handler,
        CancellationToken cancellationToken)
    {
        var mustLook = records.Any(record => record.Topic is not null);
        var looks = _looksFirst || mustLook;
        var attempts = new TransactionAttempts($"a batch of {records.Count} messages on endpoint '{records[0].Endpoint}'", MostAborted, time, logger);
        while (true)
        {
            try
            {
                var fresh = await transactions.RunAsync<IReadOnlyList<int>>(
                    null,
                    (transaction, token) => attempts.RunAsync(() => RunAsync(transaction, records, looks, handler, token)),
                    cancellationToken).ConfigureAwait(false);
                _looksFirst = looks && fresh.Count < records.Count;
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
        var seen = looks ? await SeenAsync(transaction.Session, records, cancellationToken).ConfigureAwait(false) : new HashSet<string>(StringComparer.Ordinal);
        var fresh = Enumerable.Range(0, records.Count).Where(index => seen.Add(KeyOf(records[index].MessageId, records[index].Topic))).ToList();
        if (fresh.Count > 0)
        {
            var now = time.GetUtcNow();
            await InsertAsync(transaction.Session, fresh.Select(index => InboxDocument.Processed(records[index], now)), cancellationToken).ConfigureAwait(false);
            await handler(transaction, fresh, cancellationToken).ConfigureAwait(false);
        }

        return fresh;
    }

    private async Task<HashSet<string>> SeenAsync(IClientSessionHandle session, IReadOnlyList<InboxRecord> records, CancellationToken cancellationToken)
    {
        var among = new BsonDocument("_id", new BsonDocument("$in", new BsonArray(records.SelectMany(InboxDocument.Ids))));
        var known = await collections.Inbox.Find(session, among).Project(new BsonDocument("_id", 1)).ToListAsync(cancellationToken).ConfigureAwait(false);
        var ids = known.Select(record => record["_id"].AsBsonDocument).Select(id => KeyOf(id["messageId"].AsString, id.GetValue("topic", BsonNull.Value) as BsonString)).ToHashSet(StringComparer.Ordinal);
        foreach (var record in records.Where(record => ids.Contains(KeyOf(record.MessageId, null))))
        {
            ids.Add(KeyOf(record.MessageId, record.Topic));
        }

        return ids;
    }

    private static string KeyOf(string messageId, BsonString? topic) => KeyOf(messageId, topic?.Value);

    private static string KeyOf(string messageId, string? topic) => topic is null ? messageId : $"{topic}\0{messageId}";

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
