using MongoDB.Bson;
using MongoDB.Driver;
using Outbox.Delivery.Health;
using Outbox.MongoDb.History.Replaying;
using Outbox.MongoDb.Statistics;

namespace Outbox.MongoDb.Delivery;

/// <summary>Counts from the collections' metadata, and by keys of indexes up to a limit.</summary>
internal sealed class MongoOutboxBacklog(OutboxCollections collections, PendingMessages pending, ParkedMessages parked, TimeProvider time) : IOutboxBacklog
{
    /// <summary>Deadlines are looked at every second or so; what is overdue for longer is nobody's turn.</summary>
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(1);

    private const int MostReplays = 10;

    private static readonly BsonDocument ForAPerson = new("$in", new BsonArray { "failed", "unreadable" });

    /// <inheritdoc/>
    public async Task<OutboxBacklog> ReadAsync(CancellationToken cancellationToken)
    {
        var count = await pending.CountAsync(limit: null, cancellationToken).ConfigureAwait(false);
        var unpublished = await collections.Parked.EstimatedDocumentCountAsync(cancellationToken: cancellationToken).ConfigureAwait(false);
        var oldest = await pending.OldestAgeAsync(limit: null, cancellationToken).ConfigureAwait(false);
        var endpoints = await parked.EndpointsAsync(limit: null, cancellationToken).ConfigureAwait(false);
        return new OutboxBacklog(count, unpublished, oldest)
        {
            InboxParked = await CountAsync(endpoints, new BsonDocument("reason", ForAPerson), cancellationToken).ConfigureAwait(false),
            OverdueGaps = await CountAsync(
                endpoints,
                new BsonDocument { { "reason", "gap" }, { "deadline", new BsonDocument("$lte", (time.GetUtcNow() - Patience).UtcDateTime) } },
                cancellationToken).ConfigureAwait(false),
            WaitingReplays = (await collections.HistoryReplays.Find(HistoryReplayDocument.Waits).Limit(MostReplays).ToListAsync(cancellationToken).ConfigureAwait(false))
                .ConvertAll(HistoryReplayDocument.ReadWaiting),
        };
    }

    /// <summary>Indexes of <c>inbox.parked</c> begin with the endpoint.</summary>
    private async Task<long> CountAsync(IReadOnlyList<string> endpoints, BsonDocument filter, CancellationToken cancellationToken) => endpoints.Count == 0
        ? 0
        : await collections.InboxParked.CountDocumentsAsync(
            new BsonDocument("endpoint", new BsonDocument("$in", new BsonArray(endpoints))).AddRange(filter),
            new CountOptions { Limit = PendingMessages.MostCounted },
            cancellationToken).ConfigureAwait(false);
}
