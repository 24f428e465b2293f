using Microsoft.Extensions.Logging;
using MongoDB.Bson;
using MongoDB.Driver;
using Outbox.History.Repair;
using static Outbox.MongoDb.Expressions;

namespace Outbox.MongoDb.History.Repair;

/// <summary>Counts, in one document for each topic, how much of this minute is left. The minute is the server's, and begins with the first answer after the last one has ended.</summary>
internal sealed class MongoAnswerBudget(OutboxCollections collections, TimeProvider time, ILogger<MongoAnswerBudget> logger) : IAnswerBudget
{
    private static readonly TimeSpan Minute = TimeSpan.FromMinutes(1);
    private static readonly FindOneAndUpdateOptions<BsonDocument> Upserted = new() { IsUpsert = true, ReturnDocument = ReturnDocument.After };

    /// <inheritdoc/>
    public async Task<Grant> TakeAsync(AnsweredTopic topic, int versions, CancellationToken cancellationToken)
    {
        for (var isFirst = true; ; isFirst = false)
        {
            var taken = await collections.HistoryAnswers
                .FindOneAndUpdateAsync(new BsonDocument("_id", topic.Topic), Take(topic.Options.PerMinute, versions), Upserted, cancellationToken).ConfigureAwait(false);
            var now = taken["at"].ToUniversalTime();
            if (taken["granted"].ToInt32() is var granted and > 0)
            {
                return new Grant(granted, new DateTimeOffset(now));
            }

            var rest = taken["until"].ToUniversalTime() - now;
            if (isFirst)
            {
                logger.AnswersWait(topic.Topic, topic.Options.PerMinute, rest);
            }

            await Task.Delay(rest > TimeSpan.Zero ? rest : TimeSpan.FromMilliseconds(1), time, cancellationToken).ConfigureAwait(false);
        }
    }

    private static UpdateDefinition<BsonDocument> Take(int perMinute, int versions)
    {
        var isOver = Op("$lte", Op("$ifNull", "$until", new BsonDateTime(0)), Now);
        return Builders<BsonDocument>.Update.Pipeline(new BsonDocument[]
        {
            new("$set", new BsonDocument
            {
                { "left", Op("$cond", isOver, perMinute, "$left") },
                { "until", Op("$cond", isOver, In(Minute), "$until") },
                { "at", Now },
            }),
            new("$set", new BsonDocument("granted", Op("$min", "$left", versions))),
            new("$set", new BsonDocument("left", Op("$subtract", "$left", "$granted"))),
        });
    }
}
