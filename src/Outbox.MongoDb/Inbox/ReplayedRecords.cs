using MongoDB.Bson;
using MongoDB.Driver;
using Outbox.Inbox;
using Outbox.MongoDb.Capture;

namespace Outbox.MongoDb.Inbox;

/// <summary>
/// The records of messages that come while their endpoint is replayed. One that was written before the replay is no reason to leave the message out: it gives way to a new one, in the message's transaction, which
/// knows by it that the message was processed before.
/// </summary>
internal sealed class ReplayedRecords(OutboxCollections collections, TimeProvider time)
{
    /// <returns>Whether the record is whole with it.</returns>
    /// <exception cref="ProcessedBeforeException">It was processed since the replay began.</exception>
    public async Task<bool> TakeAsync(MongoOutboxTransaction transaction, InboxRecord record, CancellationToken cancellationToken)
    {
        var (session, replay) = (transaction.Session, record.Replay!);
        var found = await collections.Inbox.Find(session, InboxDocument.ById(record)).Project(InboxDocument.Progress).FirstOrDefaultAsync(cancellationToken).ConfigureAwait(false);
        if (found is not null && InboxDocument.IsOf(found, replay))
        {
            return await JoinAsync(transaction, record, found, cancellationToken).ConfigureAwait(false);
        }

        var now = time.GetUtcNow();
        var repeated = found is not null ? InboxDocument.Repeated(record, found, now)
            : replay.WasCommitted && !await IsParkedAsync(session, record, cancellationToken).ConfigureAwait(false) ? InboxDocument.Repeated(record, now)
            : InboxDocument.Processed(record, now);
        await WriteAsync(session, record, repeated, found is null, cancellationToken).ConfigureAwait(false);
        transaction.Buffer.IsReplay = InboxDocument.WasDone(repeated, record);
        return InboxDocument.Completes(null, record);
    }

    private async Task<bool> JoinAsync(MongoOutboxTransaction transaction, InboxRecord record, BsonDocument found, CancellationToken cancellationToken)
    {
        if (InboxDocument.IsDone(found, record))
        {
            throw new ProcessedBeforeException();
        }

        var completes = InboxDocument.Completes(found, record);
        await collections.Inbox.UpdateOneAsync(
            transaction.Session, InboxDocument.ById(record), InboxDocument.Next(record, completes, time.GetUtcNow()), cancellationToken: cancellationToken).ConfigureAwait(false);
        transaction.Buffer.IsReplay = InboxDocument.WasDone(found, record);
        return completes;
    }

    private async Task WriteAsync(IClientSessionHandle session, InboxRecord record, BsonDocument document, bool isNew, CancellationToken cancellationToken)
    {
        if (!isNew)
        {
            await collections.Inbox.ReplaceOneAsync(session, InboxDocument.ById(record), document, cancellationToken: cancellationToken).ConfigureAwait(false);
            return;
        }

        try
        {
            await collections.Inbox.InsertOneAsync(session, document, cancellationToken: cancellationToken).ConfigureAwait(false);
        }
        catch (MongoWriteException error) when (error.WriteError?.Category == ServerErrorCategory.DuplicateKey)
        {
            throw new ProcessedBeforeException();
        }
    }

    /// <summary>What failed and is parked has a committed offset, and was not processed.</summary>
    private Task<bool> IsParkedAsync(IClientSessionHandle session, InboxRecord record, CancellationToken cancellationToken)
    {
        var (topic, partition, offset) = record.Replay!.Place;
        var place = new BsonDocument { { "endpoint", record.Endpoint }, { "topic", topic }, { "partition", partition }, { "offset", offset } };
        return collections.InboxParked.Find(session, place).Limit(1).AnyAsync(cancellationToken);
    }
}
