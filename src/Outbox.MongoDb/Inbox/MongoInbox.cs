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

    /// <inheritdoc/>
    public async Task<InboxOutcome> ExecuteAsync(
        InboxRecord record, Func<IOutboxTransaction, CancellationToken, Task> handler, CancellationToken cancellationToken)
    {
        var attempts = new TransactionAttempts($"message {record.MessageId} on endpoint '{record.Endpoint}'", MostAborted, time, logger);
        try
        {
            return await transactions.RunAsync(
                new Cause(record.MessageId, record.CorrelationId),
                (transaction, token) => attempts.RunAsync(() => RunAsync(transaction, record, handler, token)),
                cancellationToken).ConfigureAwait(false);
        }
        catch (ProcessedBeforeException)
        {
            return InboxOutcome.Duplicate;
        }
        catch (EarlyMessageException)
        {
            return InboxOutcome.Early;
        }
    }

    private async Task<InboxOutcome> RunAsync(
        MongoOutboxTransaction transaction, InboxRecord record, Func<IOutboxTransaction, CancellationToken, Task> handler, CancellationToken cancellationToken)
    {
        await InsertAsync(transaction, record, cancellationToken).ConfigureAwait(false);
        var outcome = await TakeTurnAsync(transaction, record, cancellationToken).ConfigureAwait(false);
        if (outcome != InboxOutcome.Stale)
        {
            await handler(transaction, cancellationToken).ConfigureAwait(false);
        }

        return outcome;
    }

    private async Task InsertAsync(MongoOutboxTransaction transaction, InboxRecord record, CancellationToken cancellationToken)
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
    }

    private Task<bool> WasProcessedByAnEarlierVersionAsync(MongoOutboxTransaction transaction, InboxRecord record, CancellationToken cancellationToken) => collections.Inbox
        .Find(transaction.Session, new BsonDocument("_id", InboxDocument.Id(record with { Topic = null })))
        .Project(new BsonDocument("_id", 1))
        .AnyAsync(cancellationToken);

    private async Task<InboxOutcome> TakeTurnAsync(MongoOutboxTransaction transaction, InboxRecord record, CancellationToken cancellationToken)
    {
        if (record.Sequence is null)
        {
            return InboxOutcome.Processed;
        }

        var outcome = await sequences.TakeAsync(transaction.Session, record.Sequence, record.Version ?? 0, cancellationToken).ConfigureAwait(false);
        if (outcome == InboxOutcome.Stale)
        {
            await collections.Inbox.UpdateOneAsync(
                transaction.Session, new BsonDocument("_id", InboxDocument.Id(record)), Builders<BsonDocument>.Update.Set("outcome", "stale"), cancellationToken: cancellationToken)
                .ConfigureAwait(false);
        }

        return outcome == InboxOutcome.Early ? throw new EarlyMessageException() : outcome;
    }
}
