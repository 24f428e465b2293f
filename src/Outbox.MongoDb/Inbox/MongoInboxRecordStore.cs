using MongoDB.Bson;
using MongoDB.Driver;
using Outbox.Inbox;

namespace Outbox.MongoDb.Inbox;

/// <summary>Reads and writes records of <c>inbox</c> outside of transactions.</summary>
internal sealed class MongoInboxRecordStore(OutboxCollections collections, IInstallation installation, TimeProvider time) : IInboxRecordStore
{
    /// <inheritdoc/>
    public async Task<bool> ContainsAsync(InboxRecord record, CancellationToken cancellationToken) =>
        (await collections.Inbox.Find(new BsonDocument("_id", new BsonDocument("$in", new BsonArray(InboxDocument.Ids(record))))).Project(InboxDocument.Progress)
            .ToListAsync(cancellationToken).ConfigureAwait(false)).Exists(found => (record.Replay is null || InboxDocument.IsOf(found, record.Replay)) && InboxDocument.IsDone(found, record));

    /// <inheritdoc/>
    public async Task AddAsync(InboxRecord record, CancellationToken cancellationToken)
    {
        await installation.EnsureAsync(cancellationToken).ConfigureAwait(false);
        try
        {
            await collections.Inbox.InsertOneAsync(InboxDocument.Processed(record, time.GetUtcNow()), cancellationToken: cancellationToken).ConfigureAwait(false);
        }
        catch (MongoWriteException error) when (error.WriteError?.Category == ServerErrorCategory.DuplicateKey)
        {
            if (record.Replay is { } replay)
            {
                var earlier = InboxDocument.ById(record).Add(InboxDocument.Replay, new BsonDocument("$not", new BsonDocument("$gte", replay.Generation)));
                var renewed = await collections.Inbox.ReplaceOneAsync(earlier, InboxDocument.Processed(record, time.GetUtcNow()), cancellationToken: cancellationToken).ConfigureAwait(false);
                if (renewed.MatchedCount > 0)
                {
                    return;
                }
            }

            // Another consumer, or another instance, processed the same message.
            await JoinAsync(record, cancellationToken).ConfigureAwait(false);
        }
    }

    private async Task JoinAsync(InboxRecord record, CancellationToken cancellationToken)
    {
        var now = time.GetUtcNow();
        var options = new FindOneAndUpdateOptions<BsonDocument, BsonDocument?> { ReturnDocument = ReturnDocument.After };
        var joined = await collections.Inbox.FindOneAndUpdateAsync(InboxDocument.Partly(record), InboxDocument.Next(record, completes: false, now), options, cancellationToken)
            .ConfigureAwait(false);
        if (joined is not null && InboxDocument.Completes(joined, record))
        {
            await collections.Inbox.UpdateOneAsync(InboxDocument.ById(record), InboxDocument.Next(record, completes: true, now), cancellationToken: cancellationToken).ConfigureAwait(false);
        }
    }
}
