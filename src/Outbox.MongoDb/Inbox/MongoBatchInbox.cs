using Microsoft.Extensions.Logging;
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
        var mustLook = records.Any(record => record.IsShared || record.Topic is not null);
        var looks = _looksFirst || mustLook;
        var attempts = new TransactionAttempts($"a batch of {records.Count} messages on endpoint '{records[0].Endpoint}'", MostAborted, time, logger);
        while (true)
        {
            try
            {
                var fresh = await transactions.RunAsync<IReadOnlyList<int>>(
                    null,
                    (transaction, token) => attempts.RunAsync(transaction, () => RunAsync(transaction, records, looks, handler, token)),
                    cancellationToken).ConfigureAwait(false);
                _looksFirst = looks && !mustLook && fresh.Count < records.Count;
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
        var fresh = Enumerable.Range(0, records.Count).Where(index => seen.Add(KeyOf(records[index])) && IsFresh(known, records[index])).ToList();
        if (fresh.Count > 0)
        {
            await WriteAsync(transaction.Session, known, fresh.ConvertAll(index => records[index]), cancellationToken).ConfigureAwait(false);
            await handler(transaction, fresh, cancellationToken).ConfigureAwait(false);
        }

        return fresh;
    }

    private static bool IsFresh(Dictionary<string, BsonDocument> known, InboxRecord record) =>
        known.Count == 0 || !(IsDone(known, KeyOf(record), record) || (record.Topic is not null && IsDone(known, record.MessageId, record)));

    private static bool IsDone(Dictionary<string, BsonDocument> known, string key, InboxRecord record) =>
        known.TryGetValue(key, out var document) && InboxDocument.IsDone(document, record);

    private static string KeyOf(InboxRecord record) => KeyOf(record.Topic, record.MessageId);

    private static string KeyOf(BsonDocument id) => KeyOf(id.TryGetValue("topic", out var topic) ? topic.AsString : null, id["messageId"].AsString);

    private static string KeyOf(string? topic, string messageId) => topic is null ? messageId : $"{topic}\0{messageId}";

    private async Task<Dictionary<string, BsonDocument>> KnownAsync(
        IClientSessionHandle session, IReadOnlyList<InboxRecord> records, CancellationToken cancellationToken)
    {
        var among = new BsonDocument("_id", new BsonDocument("$in", new BsonArray(records.SelectMany(InboxDocument.Ids))));
        var found = await collections.Inbox.Find(session, among).Project(InboxDocument.Progress).ToListAsync(cancellationToken).ConfigureAwait(false);
        return found.ToDictionary(document => KeyOf(document["_id"].AsBsonDocument), StringComparer.Ordinal);
    }

    private async Task WriteAsync(
        IClientSessionHandle session, Dictionary<string, BsonDocument> known, List<InboxRecord> fresh, CancellationToken cancellationToken)
    {
        var now = time.GetUtcNow();
        var (added, joined) = known.Count == 0 ? (fresh, []) : (fresh.FindAll(record => !known.ContainsKey(KeyOf(record))), fresh.FindAll(record => known.ContainsKey(KeyOf(record))));
        if (added.Count > 0)
        {
            await InsertAsync(session, added.Select(record => InboxDocument.Processed(record, now)), cancellationToken).ConfigureAwait(false);
        }

        if (joined.Count > 0)
        {
            var updates = joined.ConvertAll(WriteModel<BsonDocument> (record) => new UpdateOneModel<BsonDocument>(
                InboxDocument.ById(record), InboxDocument.Next(record, InboxDocument.Completes(known[KeyOf(record)], record), now)));
            await collections.Inbox.BulkWriteAsync(session, updates, cancellationToken: cancellationToken).ConfigureAwait(false);
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
