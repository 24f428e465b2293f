using MongoDB.Bson;

namespace Outbox.Embedded.MongoDb.Language.Values;

/// <summary>What a command brings to its filters, updates and expressions: <c>$$NOW</c>, <c>$$CLUSTER_TIME</c> and its <c>let</c>.</summary>
internal sealed record Variables(DateTime Now, BsonDocument? Let = null, BsonTimestamp? ClusterTime = null);
