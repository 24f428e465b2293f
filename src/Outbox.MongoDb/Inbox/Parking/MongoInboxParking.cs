using MongoDB.Driver;
using Outbox.Inbox;

namespace Outbox.MongoDb.Inbox.Parking;

/// <summary>Parks consumed messages in <c>inbox.parked</c>.</summary>
internal sealed class MongoInboxParking(OutboxCollections collections) : IInboxParking
{
    /// <inheritdoc/>
    public Task ParkAsync(ParkedMessage message, CancellationToken cancellationToken) => collections.InboxParked.UpdateOneAsync(
        ParkedDocument.Identity(message), ParkedDocument.Update(message), new UpdateOptions { IsUpsert = true }, cancellationToken);
}
