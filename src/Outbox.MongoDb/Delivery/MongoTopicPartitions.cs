using MongoDB.Bson;
using MongoDB.Driver;
using Outbox.Delivery.Publishing;
using static Outbox.MongoDb.Expressions;

namespace Outbox.MongoDb.Delivery;

/// <summary>One document for each topic: <c>partitions</c>, and since when it is so many. A relay writes a number down before it goes by it.</summary>
internal sealed class MongoTopicPartitions(OutboxCollections collections) : ITopicPartitions
{
    /// <summary>A broker that has not heard of new partitions yet hears of them in much less; a smaller number after this is another topic of the same name.</summary>
    private static readonly TimeSpan Settled = TimeSpan.FromMinutes(1);

    private static readonly FindOneAndUpdateOptions<BsonDocument> Agreed = new() { IsUpsert = true, ReturnDocument = ReturnDocument.After };

    /// <inheritdoc/>
    public async Task<int> AgreeAsync(string topic, int seen, CancellationToken cancellationToken)
    {
        for (var attempt = 1; ; attempt++)
        {
            try
            {
                var agreed = await collections.Topics.FindOneAndUpdateAsync(
                    new BsonDocument("_id", topic), Builders<BsonDocument>.Update.Pipeline(Decide(seen)), Agreed, cancellationToken).ConfigureAwait(false);
                return agreed["partitions"].ToInt32();
            }
            catch (MongoCommandException error) when (error.Code == 11000 && attempt == 1)
            {
                // Another relay inserted it in the same moment.
            }
        }
    }

    /// <summary>On the server, so that of two relays neither undoes the other's.</summary>
    private static BsonDocument[] Decide(int seen)
    {
        var isMore = Op("$gt", seen, Op("$ifNull", "$partitions", 0));
        var isAnother = Op("$and", Op("$lt", seen, "$partitions"), Op("$lt", "$since", Ago(Settled)));
        return
        [
            new("$set", new BsonDocument("changes", Op("$or", isMore, isAnother))),
            new("$set", new BsonDocument
            {
                { "partitions", Op("$cond", "$changes", seen, "$partitions") },
                { "since", Op("$cond", "$changes", Now, "$since") },
            }),
            new("$unset", "changes"),
        ];
    }
}
