using MongoDB.Bson;
using Outbox.Operations;
using Outbox.Operations.Bulk;

namespace Outbox.MongoDb.Operations.Bulk;

/// <summary>An operation that this instance works on.</summary>
/// <param name="Document">What it was when it was taken.</param>
/// <param name="Epoch">Which taking it was.</param>
internal sealed record HeldOperation(BsonDocument Document, long Epoch)
{
    public BulkOperation Operation { get; } = OperationDocument.Read(Document);

    public string Id => Operation.Id;

    public Decision Decision => new(Operation.Request.Reason) { By = Operation.Request.By };

    /// <summary>What was there when it started, and it has neither taken nor left.</summary>
    public BsonDocument Chosen(IBulkSide side) => new("$and", new BsonArray
    {
        side.Filter,
        new BsonDocument
        {
            { side.Since, new BsonDocument("$lte", Document["startedAt"]) },
            { Failures.FailureFields.OperationId, new BsonDocument("$ne", Id) },
            { Failures.FailureFields.SkippedBy, new BsonDocument("$ne", Id) },
        },
    });
}
