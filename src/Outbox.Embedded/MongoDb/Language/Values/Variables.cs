using MongoDB.Bson;

namespace Outbox.Embedded.MongoDb.Language.Values;

/// <summary>What a command brings to its filters, updates and expressions: <c>$$NOW</c>, <c>$$CLUSTER_TIME</c> and its <c>let</c>.</summary>
internal sealed record Variables(DateTime Now, BsonDocument? Let = null, BsonTimestamp? ClusterTime = null)
{
    /// <summary>One variable more. What is missing is known by its name all the same, as undefined.</summary>
    public Variables With(string name, BsonValue? value) =>
        this with { Let = new BsonDocument(Let ?? []).Set(name, value ?? BsonUndefined.Value) };
}
