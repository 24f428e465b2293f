using MongoDB.Bson;
using MongoDB.Driver;
using static Outbox.MongoDb.Expressions;

namespace Outbox.MongoDb.Statistics;

/// <summary>How much is pending, and since when, without reading what is.</summary>
internal sealed class PendingMessages(OutboxCollections collections)
{
    /// <summary>How far counts go.</summary>
    public const int MostCounted = 10_000;

    /// <summary>How many documents are looked through for one that is not delayed.</summary>
    private const int MostPassed = 1_000;

    private static readonly BsonDocument ById = new("_id", new BsonDocument("$gte", ""));
    private static readonly BsonDocument Delayed = new("lane", new BsonDocument("$lt", 0));
    private static readonly BsonDocument NotDelayed = new("lane", new BsonDocument("$gte", 0));
    private static readonly BsonDocument Age = new("$project", new BsonDocument { { "_id", 0 }, { "age", Op("$subtract", Now, "$timestamp") } });

    /// <summary>By the collection's metadata.</summary>
    public Task<long> CountAsync(TimeSpan? limit, CancellationToken cancellationToken) =>
        collections.OutboxDocuments.EstimatedDocumentCountAsync(new EstimatedDocumentCountOptions { MaxTime = limit }, cancellationToken);

    /// <summary>By the keys of the sweep's index, up to a limit.</summary>
    public Task<long> CountDelayedAsync(TimeSpan? limit, CancellationToken cancellationToken) =>
        collections.OutboxDocuments.CountDocumentsAsync(Delayed, new CountOptions { Limit = MostCounted, MaxTime = limit }, cancellationToken);

    /// <summary>
    /// The age of the message with the smallest id: ids are made of the time, unless a caller brings his own. Where the thousand smallest are delayed, it is that of the oldest among a
    /// thousand others: at least so old is the oldest.
    /// </summary>
    public async Task<TimeSpan?> OldestAgeAsync(TimeSpan? limit, CancellationToken cancellationToken)
    {
        var first = await AgeAsync(
            [new("$match", ById), new("$sort", new BsonDocument("_id", 1)), new("$limit", MostPassed), new("$match", NotDelayed), new("$limit", 1), Age], limit, cancellationToken).ConfigureAwait(false);
        return first ?? await AgeAsync(
            [new("$match", NotDelayed), new("$limit", MostPassed), Age, new("$sort", new BsonDocument("age", -1)), new("$limit", 1)], limit, cancellationToken).ConfigureAwait(false);
    }

    private async Task<TimeSpan?> AgeAsync(BsonDocument[] stages, TimeSpan? limit, CancellationToken cancellationToken)
    {
        var found = await collections.OutboxDocuments.Aggregate<BsonDocument>(stages, new AggregateOptions { MaxTime = limit }, cancellationToken)
            .FirstOrDefaultAsync(cancellationToken).ConfigureAwait(false);

        // A producer whose clock is ahead has captured nothing in the future.
        return found?.GetValue("age", null) is BsonInt64 age ? TimeSpan.FromMilliseconds(Math.Max(0, age.Value)) : null;
    }
}
