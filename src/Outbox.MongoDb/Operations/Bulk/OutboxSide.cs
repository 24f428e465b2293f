using MongoDB.Bson;
using MongoDB.Driver;
using Outbox.Delivery.Operations;
using Outbox.MongoDb.Delivery.Parking;
using Outbox.MongoDb.Operations.Failures;

namespace Outbox.MongoDb.Operations.Bulk;

/// <summary>Messages that could not be published.</summary>
internal sealed class OutboxSide(OutboxCollections collections, OutboxActs acts, ParkedFilter filter) : IBulkSide
{
    public IMongoCollection<BsonDocument> Parked => collections.Parked;

    public BsonDocument Order => FailureIndexes.OutboxOrder;

    public int AtOnce => ParkedSelection.MostAtOnce;

    public BsonDocument Filter { get; } = ParkedSelection.Of(filter);

    public Task<int> ActAsync(IClientSessionHandle session, BsonArray ids, HeldOperation held, CancellationToken cancellationToken) => acts.ActOnAsync(
        session, new SomeParked(OperationDocument.ActionName(held.Operation.Request.Action), ids, held.Chosen(this), held.Id), held.Decision, cancellationToken);

    public void Acted() => acts.Wake();
}
