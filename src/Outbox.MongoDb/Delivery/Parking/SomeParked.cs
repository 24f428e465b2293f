using MongoDB.Bson;

namespace Outbox.MongoDb.Delivery.Parking;

/// <summary>Parked messages that are acted on together.</summary>
/// <param name="Act">What is done, as the audit calls it.</param>
/// <param name="Ids">Their ids.</param>
/// <param name="Filter">What they must still be.</param>
/// <param name="OperationId">The bulk operation that it is part of.</param>
internal sealed record SomeParked(string Act, BsonArray Ids, BsonDocument Filter, string? OperationId = null);
