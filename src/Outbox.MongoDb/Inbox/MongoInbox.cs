using Microsoft.Extensions.Logging;
using MongoDB.Bson;
using MongoDB.Driver;
using Outbox.Capture;
using Outbox.Inbox;
using Outbox.MongoDb.Capture;
using Outbox.MongoDb.Inbox.Sequencing;

namespace Outbox.MongoDb.Inbox;

/// <summary>
/// The record is the transaction's first write. A message that was processed before fails there with a duplicate key; one that another instance is
/// processing now meets a write conflict, runs again, and then finds the duplicate key, or takes over if the other one gave up.
/// </summary>
internal sealed class MongoInbox(
    OutboxCollections collections, MongoTransactions transactions, SequenceStep sequences, TimeProvider time, ILogger<MongoInbox> logger) : IInbox
{
    /// <summary>An election aborts a transaction once, a second one hardly follows at once.</summary>
    private const int MostAborted = 3;

    private readonly ReplayedRecords _replayed = new(collections, time);

    /// <inheritdoc/>
    public async Task<InboxOutcome> ExecuteAsync(
        InboxRecord record, Func<IOutboxTransaction, CancellationToken, Task> handler, CancellationToken cancellationToken)
    {
        for (var partly = record.IsShared; ; partly = true)
        {
            var joins = partly;
            var attempts = new TransactionAttempts($"message {record.MessageId} on endpoint '{record.Endpoint}'", MostAborted, time, logger);
            try
            {
                return await transactions.RunAsync(
                    new Cause(record.MessageId, record.CorrelationId),
                    (transaction, token) => attempts.RunAsync(transaction, () => AttemptAsync(transaction, record, joins, handler, token)),
                    cancellationToken).ConfigureAwait(false);
            }
            catch (ProcessedBeforeException)
            {
                if (!await IsOpenAsync(record, cancellationToken).ConfigureAwait(false))
                {
                    return InboxOutcome.Duplicate;
                }
            }
            catch (EarlyMessageException)
            {
                return InboxOutcome.Early;
            }
        }
    }

    private async Task<InboxOutcome> AttemptAsync(
        MongoOutboxTransaction transaction,
        InboxRecord record,
        bool partly,
        Func<IOutboxTransaction, CancellationToken, Task> handler,
        CancellationToken cancellationToken)
    {
        var completes = record.Replay is not null
            ? await _replayed.TakeAsync(transaction, record, cancellationToken).ConfigureAwait(false)
            : partly
            ? await JoinAsync(transaction, record, cancellationToken).ConfigureAwait(false)
            : await InsertAsync(transaction, record, cancellationToken).ConfigureAwait(false);
        var outcome = await TakeTurnAsync(transaction, record, completes, cancellationToken).ConfigureAwait(false);
        if (outcome != InboxOutcome.Stale)
        {
            await handler(transaction, cancellationToken).ConfigureAwait(false);
        }

        return outcome;
    }

    /// <summary>Whether other consumers have processed the message, and this one has not.</summary>
    private async Task<bool> IsOpenAsync(InboxRecord record, CancellationToken cancellationToken) =>
        await collections.Inbox.Find(InboxDocument.Partly(record)).Project(InboxDocument.Progress).FirstOrDefaultAsync(cancellationToken).ConfigureAwait(false) is { } found
        && !InboxDocument.IsDone(found, record);

    /// <returns>Whether the record is whole with it.</returns>
    private async Task<bool> InsertAsync(MongoOutboxTransaction transaction, InboxRecord record, CancellationToken cancellationToken)
    {
        try
        {
            await collections.Inbox.InsertOneAsync(transaction.Session, InboxDocument.Processed(record, time.GetUtcNow()), cancellationToken: cancellationToken).ConfigureAwait(false);
        }
        catch (MongoWriteException error) when (error.WriteError?.Category == ServerErrorCategory.DuplicateKey)
        {
            throw new ProcessedBeforeException();
        }

        if (record.Topic is not null && await WasProcessedByAnEarlierVersionAsync(transaction, record, cancellationToken).ConfigureAwait(false))
        {
            throw new ProcessedBeforeException();
        }

        return InboxDocument.Completes(null, record);
    }

    /// <summary>The record may be there with other consumers in it. Their transactions change it too, so of two at one moment one runs again.</summary>
    private async Task<bool> JoinAsync(MongoOutboxTransaction transaction, InboxRecord record, CancellationToken cancellationToken)
    {
        var found = await collections.Inbox.Find(transaction.Session, InboxDocument.ById(record)).Project(InboxDocument.Progress)
            .FirstOrDefaultAsync(cancellationToken).ConfigureAwait(false);
        if (found is null)
        {
            return await InsertAsync(transaction, record, cancellationToken).ConfigureAwait(false);
        }

        if (InboxDocument.IsDone(found, record))
        {
            throw new ProcessedBeforeException();
        }

        var completes = InboxDocument.Completes(found, record);
        await collections.Inbox.UpdateOneAsync(
            transaction.Session, InboxDocument.ById(record), InboxDocument.Next(record, completes, time.GetUtcNow()), cancellationToken: cancellationToken).ConfigureAwait(false);
        return completes;
    }

    private Task<bool> WasProcessedByAnEarlierVersionAsync(MongoOutboxTransaction transaction, InboxRecord record, CancellationToken cancellationToken) => collections.Inbox
        .Find(transaction.Session, new BsonDocument("_id", InboxDocument.Id(record with { Topic = null })))
        .Project(new BsonDocument("_id", 1))
        .AnyAsync(cancellationToken);

    /// <summary>A message's turn in its sequence is over when the last of its consumers has processed it; until then the others look whether it has come.</summary>
    private async Task<InboxOutcome> TakeTurnAsync(MongoOutboxTransaction transaction, InboxRecord record, bool completes, CancellationToken cancellationToken)
    {
        if (record.Sequence is null)
        {
            return InboxOutcome.Processed;
        }

        var version = record.Version ?? 0;
        var outcome = completes
            ? await sequences.TakeAsync(transaction.Session, record.Sequence, version, cancellationToken).ConfigureAwait(false)
            : await sequences.LookAsync(transaction.Session, record.Sequence, version, cancellationToken).ConfigureAwait(false);
        if (outcome == InboxOutcome.Stale)
        {
            await collections.Inbox.UpdateOneAsync(
                transaction.Session, InboxDocument.ById(record), InboxDocument.Whole("stale", time.GetUtcNow()), cancellationToken: cancellationToken).ConfigureAwait(false);
        }

        return outcome == InboxOutcome.Early ? throw new EarlyMessageException() : outcome;
    }
}
