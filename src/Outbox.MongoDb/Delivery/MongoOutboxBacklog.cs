using MongoDB.Bson;
using MongoDB.Driver;
using Outbox.Delivery.Health;
using static Outbox.MongoDb.Expressions;

namespace Outbox.MongoDb.Delivery;

/// <summary>Counts from the collections' metadata, and the age of the message with the smallest id: ids are made of the time, unless a caller brings his own.</summary>
internal sealed class MongoOutboxBacklog(OutboxCollections collections) : IOutboxBacklog
{
    private static readonly BsonDocument[] Oldest =
    [
        new("$match", new BsonDocument("lane", new BsonDocument("$gte", 0))),
        new("$sort", new BsonDocument("_id", 1)),
        new("$limit", 1),
        new("$project", new BsonDocument { { "_id", 0 }, { "age", Op("$subtract", Now, "$timestamp") } }),
    ];

    private const int Most = 10_000;

    private static readonly BsonDocument ForAPerson = new("reason", new BsonDocument("$in", new BsonArray { "failed", "unreadable" }));

    /// <inheritdoc/>
    public async Task<OutboxBacklog> ReadAsync(CancellationToken cancellationToken)
    {
        var pending = await collections.OutboxDocuments.EstimatedDocumentCountAsync(cancellationToken: cancellationToken).ConfigureAwait(false);
        var parked = await collections.Parked.EstimatedDocumentCountAsync(cancellationToken: cancellationToken).ConfigureAwait(false);
        var oldest = await collections.OutboxDocuments.Aggregate<BsonDocument>(Oldest, cancellationToken: cancellationToken)
            .FirstOrDefaultAsync(cancellationToken).ConfigureAwait(false);
        return new OutboxBacklog(pending, parked, oldest?.GetValue("age", null) is BsonInt64 age ? Age(age.Value) : null)
        {
            InboxParked = await CountInboxAsync(cancellationToken).ConfigureAwait(false),
        };
    }

    /// <summary>Beside them there is only what waits for its turn, which is limited.</summary>
    private async Task<long> CountInboxAsync(CancellationToken cancellationToken) =>
        await collections.InboxParked.EstimatedDocumentCountAsync(cancellationToken: cancellationToken).ConfigureAwait(false) == 0
            ? 0
            : await collections.InboxParked.CountDocumentsAsync(ForAPerson, new CountOptions { Limit = Most }, cancellationToken).ConfigureAwait(false);

    /// <summary>A producer whose clock is ahead has captured nothing in the future.</summary>
    private static TimeSpan Age(long milliseconds) => TimeSpan.FromMilliseconds(Math.Max(0, milliseconds));
}
