using MongoDB.Bson;
using MongoDB.Driver;

namespace Outbox.MongoDb.Installation;

/// <summary>
/// Tells the framework's collections from somebody else's of the same name. An index that lets documents expire would delete what is not ours.
/// </summary>
internal sealed class Ownership(OutboxCollections collections)
{
    private const int Sample = 100;

    /// <summary>What all documents have that the framework writes, in this version or an earlier one.</summary>
    private readonly Dictionary<string, string[]> _fields = new()
    {
        [collections.Names.Outbox] = ["lane", "topic", "entityId"],
        [collections.Names.Leases] = ["owner", "epoch", "expiresAt"],
        [collections.Names.Relays] = ["seenAt"],
        [collections.Names.Instances] = ["expiresAt", "sessions"],
        [collections.Names.Topics] = ["partitions", "since"],
        [collections.Names.Parked] = ["parkedAt"],
        [collections.Names.Discarded] = ["discardedAt", "discarded"],
        [collections.Names.Operations] = ["action", "startedAt"],
        [collections.Names.InboxDiscarded] = ["endpoint", "discardedAt"],
        [collections.Names.Sent] = ["sentAt"],
        [collections.Names.Audit] = ["at", "by", "act"],
        [collections.Names.Pauses] = ["kind", "until", "reason"],
        [collections.Names.Inbox] = ["_id.endpoint", "processedAt"],
        [collections.Names.InboxParked] = ["endpoint", "topic", "reason"],
        [collections.Names.InboxSequences] = ["_id.endpoint"],
        [collections.Names.InboxEndpoints] = ["_id.endpoint", "expiresAt"],
        [collections.Names.InboxReplays] = ["generation", "phase"],
        [collections.Names.ReplaySnapshots] = ["endpoint", "offsets"],
        [collections.Names.EntityVersions] = ["version"],
        [collections.Names.History] = ["_id.entityType", "_id.version", "messageId"],
        [collections.Names.Snapshots] = ["_id.entityType", "schema"],
        [collections.Names.Projections] = ["updatedAt"],
        [collections.Names.PayloadFiles] = ["length", "chunkSize"],
        [collections.Names.PayloadChunks] = ["files_id", "n"],
        [collections.Names.HistoryAnswers] = ["left", "until"],
        [collections.Names.HistoryReplays] = ["requestId", "topic", "state"],
        [collections.Names.HistoryRequests] = ["requestId", "topic", "state"],
    };

    /// <summary>
    /// Looks at all documents of a collection that has not got its indexes yet, and at a few of one that has: the outbox may hold a document that is no message, which the relay parks.
    /// </summary>
    /// <exception cref="OutboxConfigurationException">There is a document that the framework did not write.</exception>
    public async Task CheckAsync(string name, bool isInstalled, CancellationToken cancellationToken)
    {
        if (isInstalled && (name == collections.Names.Outbox || name == collections.Names.Parked))
        {
            return;
        }

        var foreign = new BsonDocument("$or", new BsonArray(_fields[name].Select(field => new BsonDocument(field, new BsonDocument("$exists", false)))));
        List<BsonDocument> pipeline = [new("$match", foreign), new("$limit", 1)];
        if (isInstalled)
        {
            pipeline.Insert(0, new BsonDocument("$limit", Sample));
        }

        var found = await collections.Database.GetCollection<BsonDocument>(name)
            .Aggregate<BsonDocument>(pipeline, cancellationToken: cancellationToken).FirstOrDefaultAsync(cancellationToken).ConfigureAwait(false);
        if (found is not null)
        {
            throw new OutboxConfigurationException(
                $"The collection '{name}' of database '{collections.Database.DatabaseNamespace.DatabaseName}' holds documents that are not the outbox's: one has the fields "
                + $"{string.Join(", ", found.Names.Take(8))}. Nothing was changed in it. Set Outbox:MongoDb:CollectionPrefix, to \"messaging.\" for example, and the outbox has "
                + "collections of its own.");
        }
    }
}
