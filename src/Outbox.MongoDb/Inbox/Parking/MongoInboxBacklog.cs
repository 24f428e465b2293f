using MongoDB.Bson;
using MongoDB.Driver;
using Outbox.Inbox.Health;

namespace Outbox.MongoDb.Inbox.Parking;

/// <summary>Counts in <c>inbox.parked</c>, by an index and up to a limit.</summary>
internal sealed class MongoInboxBacklog(OutboxCollections collections) : IInboxBacklog
{
    private static readonly BsonArray ForAPerson = ["failed", "unreadable"];

    /// <inheritdoc/>
    public Task<long> CountParkedAsync(string endpoint, int limit, CancellationToken cancellationToken) => collections.InboxParked.CountDocumentsAsync(
        new BsonDocument { { "endpoint", endpoint }, { "reason", new BsonDocument("$in", ForAPerson) } }, new CountOptions { Limit = limit }, cancellationToken);
}
