using MongoDB.Bson;
using MongoDB.Driver;
using Outbox.Inbox.Operations;
using Outbox.MongoDb.Inbox.Operations;
using Outbox.MongoDb.Operations.Failures;
using Outbox.Operations.Bulk;

namespace Outbox.MongoDb.Operations.Bulk;

/// <summary>Messages that could not be processed.</summary>
internal sealed class InboxSide(OutboxCollections collections, InboxActs acts, ParkedInboxFilter filter, BulkAction action) : IBulkSide
{
    /// <summary>What waits for another is tried again by itself.</summary>
    private static readonly BsonDocument HasFailed = new("reason", new BsonDocument("$in", new BsonArray { "failed", "unreadable" }));

    public IMongoCollection<BsonDocument> Parked => collections.InboxParked;

    public BsonDocument Order => FailureIndexes.InboxOrder;

    /// <summary>A discard moves others of its entity, and may be refused: each is a transaction of its own.</summary>
    public int AtOnce => action == BulkAction.Retry ? 100 : 1;

    public BsonDocument Filter { get; } = action == BulkAction.Retry && filter.Reason is null
        ? InboxActs.Retryable(new BsonDocument("$and", new BsonArray { ParkedSelection.Of(filter), HasFailed }))
        : action == BulkAction.Retry ? InboxActs.Retryable(ParkedSelection.Of(filter)) : ParkedSelection.Of(filter);

    public async Task<int> ActAsync(IClientSessionHandle session, BsonArray ids, HeldOperation held, CancellationToken cancellationToken)
    {
        var which = new BsonDocument("$and", new BsonArray { new BsonDocument("_id", new BsonDocument("$in", ids)), held.Chosen(this) });
        return action == BulkAction.Retry ? await acts.RetryAsync(session, which, held.Decision, held.Id, cancellationToken).ConfigureAwait(false)
            : await acts.DiscardAsync(session, which, held.Decision, held.Id, cancellationToken).ConfigureAwait(false) ? 1 : 0;
    }

    /// <summary>The endpoints look by themselves.</summary>
    public void Acted()
    {
    }
}
