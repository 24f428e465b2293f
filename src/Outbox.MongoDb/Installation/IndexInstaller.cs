using MongoDB.Bson;
using MongoDB.Driver;
using Outbox.MongoDb.Delivery;
using Outbox.MongoDb.Inbox.Holding;

namespace Outbox.MongoDb.Installation;

/// <summary>Creates the indexes; a changed time to live changes its index.</summary>
internal sealed class IndexInstaller(OutboxCollections collections, OutboxOptions options, MongoDbOptions mongo)
{
    /// <summary>The index is there with other options: as servers of different ages say it.</summary>
    private static readonly int[] IndexConflicts = [85, 86];

    /// <summary>A relay that was killed leaves its name behind; it counts as gone after a lease, and is forgotten after this.</summary>
    private static readonly TimeSpan GoneForGood = TimeSpan.FromDays(1);

    public async Task InstallAsync(CancellationToken cancellationToken)
    {
        await CreateAsync(OutboxCollections.OutboxName, MongoOutboxReader.Order, "relay", cancellationToken).ConfigureAwait(false);
        await CreateAsync(
            OutboxCollections.OutboxName, MongoOutboxReader.DueOrder, "due", cancellationToken, new BsonDocument("notBefore", new BsonDocument("$exists", true)))
            .ConfigureAwait(false);
        await CreateAsync(
            OutboxCollections.ParkedName, new BsonDocument("lane", 1), "hold", cancellationToken, new BsonDocument("hold", true)).ConfigureAwait(false);
        await CreateAsync(
            OutboxCollections.ParkedName, new BsonDocument("entityId", 1), "held", cancellationToken, new BsonDocument("hold", true)).ConfigureAwait(false);
        await CreateAsync(
            OutboxCollections.InboxParkedName,
            new BsonDocument { { "endpoint", 1 }, { "topic", 1 }, { "partition", 1 }, { "offset", 1 } },
            "position",
            cancellationToken).ConfigureAwait(false);
        await CreateAsync(
            OutboxCollections.InboxParkedName,
            new BsonDocument { { "endpoint", 1 }, { "topic", 1 }, { "reason", 1 }, { "entityId", 1 }, { "version", 1 } },
            "sequence",
            cancellationToken).ConfigureAwait(false);
        await CreateAsync(
            OutboxCollections.InboxParkedName, new BsonDocument { { "endpoint", 1 }, { "reason", 1 }, { "deadline", 1 } }, "deadline", cancellationToken)
            .ConfigureAwait(false);
        await CreateAsync(
            OutboxCollections.InboxParkedName, new BsonDocument { { "endpoint", 1 }, { "topic", 1 } }, "retry", cancellationToken, new BsonDocument("retry", true))
            .ConfigureAwait(false);
        await CreateAsync(OutboxCollections.InboxParkedName, HoldQueue.Keys, "hold", cancellationToken, new BsonDocument("hold", true)).ConfigureAwait(false);
        await CreateAsync(
            OutboxCollections.InboxSequencesName,
            new BsonDocument { { "_id.endpoint", 1 }, { "_id.topic", 1 } },
            "ready",
            cancellationToken,
            new BsonDocument("ready", true)).ConfigureAwait(false);
        await ExpireAsync(OutboxCollections.InboxName, "processedAt", options.DuplicateDetectionWindow, cancellationToken).ConfigureAwait(false);
        await ExpireAsync(OutboxCollections.RelaysName, "seenAt", GoneForGood, cancellationToken).ConfigureAwait(false);
        if (options.KeepSentFor is { } kept)
        {
            await ExpireAsync(OutboxCollections.SentName, "sentAt", kept, cancellationToken).ConfigureAwait(false);
        }

        foreach (var (collection, after) in mongo.KeepTombstonesFor)
        {
            await ExpireAsync(collection, "deletedAt", after, cancellationToken).ConfigureAwait(false);
        }
    }

    private Task CreateAsync(string collection, BsonDocument keys, string name, CancellationToken cancellationToken, BsonDocument? only = null)
    {
        var index = new CreateIndexOptions<BsonDocument> { Name = name, PartialFilterExpression = only };
        return collections.Database.GetCollection<BsonDocument>(collection).Indexes
            .CreateOneAsync(new CreateIndexModel<BsonDocument>(keys, index), cancellationToken: cancellationToken);
    }

    private async Task ExpireAsync(string collection, string field, TimeSpan after, CancellationToken cancellationToken)
    {
        var index = new CreateIndexModel<BsonDocument>(new BsonDocument(field, 1), new CreateIndexOptions { Name = field, ExpireAfter = after });
        try
        {
            await collections.Database.GetCollection<BsonDocument>(collection).Indexes
                .CreateOneAsync(index, cancellationToken: cancellationToken).ConfigureAwait(false);
        }
        catch (MongoCommandException error) when (IndexConflicts.Contains(error.Code))
        {
            var change = new BsonDocument
            {
                { "collMod", collection },
                { "index", new BsonDocument { { "name", field }, { "expireAfterSeconds", (long)after.TotalSeconds } } },
            };
            await collections.Database.RunCommandAsync<BsonDocument>(change, cancellationToken: cancellationToken).ConfigureAwait(false);
        }
    }
}
