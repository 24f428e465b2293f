using MongoDB.Bson;
using MongoDB.Driver;
using Outbox.Inbox;
using Outbox.MongoDb.Statistics;
using Outbox.Operations.Seeing;
using Outbox.Statistics;

namespace Outbox.MongoDb.Operations.Seeing;

/// <summary>How much is pending and parked, from metadata and keys of indexes.</summary>
internal sealed class StoreTotals(OutboxCollections collections, PendingMessages pending, ParkedMessages parked)
{
    public async Task<Overview> ReadAsync(Overview seen, BoundedQuery query, CancellationToken cancellationToken)
    {
        var limit = query.Limit;
        return seen with
        {
            Pending = await query.RunAsync("pending", async stop => (long?)await pending.CountAsync(limit, stop).ConfigureAwait(false), cancellationToken).ConfigureAwait(false),
            Delayed = await query.RunAsync("delayed", async stop => (long?)await pending.CountDelayedAsync(limit, stop).ConfigureAwait(false), cancellationToken).ConfigureAwait(false),
            OldestAge = await query.RunAsync("oldestAge", stop => pending.OldestAgeAsync(limit, stop), cancellationToken).ConfigureAwait(false),
            Parked = await query.RunAsync("parked", async stop => (long?)await ParkedAsync(limit, stop).ConfigureAwait(false), cancellationToken).ConfigureAwait(false),
            OutboxParked = await query.RunAsync("outboxParked", stop => OutboxAsync(limit, stop), cancellationToken).ConfigureAwait(false),
            InboxParked = await query.RunAsync("inboxParked", stop => InboxAsync(limit, stop), cancellationToken).ConfigureAwait(false),
        };
    }

    public async Task<IReadOnlyList<ParkedTotal>> InboxAsync(TimeSpan limit, CancellationToken cancellationToken) => Of(await parked.OfWholeInboxAsync(limit, cancellationToken).ConfigureAwait(false));

    /// <summary>How many messages wait in a lane, by the keys of the sweep's index.</summary>
    public async Task<long?> PendingAsync(int lane, TimeSpan limit, CancellationToken cancellationToken) => await collections.OutboxDocuments.CountDocumentsAsync(
        new BsonDocument("lane", lane), new CountOptions { Limit = PendingMessages.MostCounted, MaxTime = limit }, cancellationToken).ConfigureAwait(false);

    private async Task<IReadOnlyList<ParkedTotal>> OutboxAsync(TimeSpan limit, CancellationToken cancellationToken) => Of(await parked.OfOutboxAsync(limit, cancellationToken).ConfigureAwait(false));

    private Task<long> ParkedAsync(TimeSpan limit, CancellationToken cancellationToken) =>
        collections.Parked.EstimatedDocumentCountAsync(new EstimatedDocumentCountOptions { MaxTime = limit }, cancellationToken);

    private static IReadOnlyList<ParkedTotal> Of(IReadOnlyList<ParkedCount> counts) => [.. counts.Select(count => new ParkedTotal(count.Place, Enum.Parse<ParkReason>(count.Reason), count.Count, count.OldestAge))];
}
