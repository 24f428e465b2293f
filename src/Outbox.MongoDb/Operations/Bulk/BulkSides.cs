using Outbox.MongoDb.Delivery.Parking;
using Outbox.MongoDb.Inbox.Operations;
using Outbox.MongoDb.Operations.Failures;
using Outbox.Operations.Bulk;
using InboxSelection = Outbox.MongoDb.Inbox.Operations.ParkedSelection;
using OutboxSelection = Outbox.MongoDb.Delivery.Parking.ParkedSelection;

namespace Outbox.MongoDb.Operations.Bulk;

/// <summary>The side that a request is about.</summary>
internal sealed class BulkSides(OutboxCollections collections, OutboxActs outbox, InboxActs inbox)
{
    public IBulkSide Of(BulkRequest request) => request switch
    {
        { Action: BulkAction.Restore, Outbox: { } filter } => new RestoringSide(
            collections.Discarded,
            FailureIndexes.OutboxOrder,
            OutboxSelection.Of(filter),
            (session, id, held, token) => outbox.RestoreAsync(session, id.AsString, held.Decision, held.Id, token)),
        { Action: BulkAction.Restore } => new RestoringSide(
            collections.InboxDiscarded,
            FailureIndexes.InboxOrder,
            InboxSelection.Of(request.Inbox!),
            (session, id, held, token) => inbox.RestoreAsync(session, id.AsObjectId, held.Decision, held.Id, token)),
        { Outbox: { } filter } => new OutboxSide(collections, outbox, filter),
        _ => new InboxSide(collections, inbox, request.Inbox!, request.Action),
    };
}
