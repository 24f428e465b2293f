using Outbox.MongoDb.Delivery.Parking;
using Outbox.MongoDb.Inbox.Operations;
using Outbox.Operations.Bulk;

namespace Outbox.MongoDb.Operations.Bulk;

/// <summary>The side that a request is about.</summary>
internal sealed class BulkSides(OutboxCollections collections, OutboxActs outbox, InboxActs inbox)
{
    public IBulkSide Of(BulkRequest request) => request.Outbox is { } filter
        ? new OutboxSide(collections, outbox, filter)
        : new InboxSide(collections, inbox, request.Inbox!, request.Action);
}
