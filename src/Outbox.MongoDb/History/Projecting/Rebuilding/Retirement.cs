using Microsoft.Extensions.Logging;
using MongoDB.Bson;
using MongoDB.Driver;
using Outbox.History.Projecting.Health;
using Outbox.MongoDb.History.Projecting.Builds;
using static Outbox.MongoDb.Expressions;

namespace Outbox.MongoDb.History.Projecting.Rebuilding;

/// <summary>Deletes what retired builds leave, when nobody can be reading it any more. Their documents stay: their names are not used twice.</summary>
internal sealed class Retirement(OutboxCollections collections, ProjectionMetrics metrics, ILogger<Retirement> logger)
{
    private static readonly TimeSpan Grace = TimeSpan.FromMinutes(1);

    public async Task RunAsync(CancellationToken cancellationToken)
    {
        var over = new BsonDocument
        {
            { "state", "retired" },
            { "dropped", new BsonDocument("$ne", true) },
            { "$expr", Op("$lt", "$retiredAt", Ago(Grace)) },
        };
        foreach (var document in await collections.Projections.Find(over).ToListAsync(cancellationToken).ConfigureAwait(false))
        {
            var build = document["_id"].AsString;
            await DropAsync(build, cancellationToken).ConfigureAwait(false);
            await collections.Projections.UpdateOneAsync(
                BuildDocument.ById(build), new BsonDocument("$set", new BsonDocument("dropped", true)), cancellationToken: cancellationToken).ConfigureAwait(false);
            metrics.Forget(build);
            logger.Dropped(build);
        }
    }

    private async Task DropAsync(string build, CancellationToken cancellationToken)
    {
        await collections.Database.DropCollectionAsync(RowIndexes.CollectionOf(collections, build), cancellationToken).ConfigureAwait(false);
        await collections.InboxParked.DeleteManyAsync(new BsonDocument("endpoint", build), cancellationToken).ConfigureAwait(false);

        // By the index of _id: a document that ends sooner comes first.
        var mine = new BsonDocument
        {
            { "$gte", new BsonDocument("endpoint", build) },
            { "$lt", new BsonDocument { { "endpoint", build }, { "topic", BsonMaxKey.Value } } },
        };
        await collections.InboxSequences.DeleteManyAsync(new BsonDocument("_id", mine), cancellationToken).ConfigureAwait(false);
    }
}
