using MongoDB.Bson;
using MongoDB.Driver;
using Outbox.Inbox;

namespace Outbox.MongoDb.Inbox;

/// <summary>Reads and writes records of <c>inbox</c> outside of transactions.</summary>
internal sealed class MongoInboxRecordStore(OutboxCollections collections, IInstallation installation, TimeProvider time) : IInboxRecordStore
{
    /// <inheritdoc/>
    public async Task<bool> ContainsAsync(InboxRecord record, CancellationToken cancellationToken) =>
        await collections.Inbox.Find(new BsonDocument("_id", new BsonDocument("$in", new BsonArray(InboxDocument.Ids(record))))).Project(new BsonDocument("_id", 1)).AnyAsync(cancellationToken).ConfigureAwait(false);

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
            // Another instance processed the same message at the same moment.
        }
    }
}
