using MongoDB.Bson;

namespace Outbox.MongoDb.Operations.Seeing;

/// <summary>The indexes that an overview goes along.</summary>
internal static class SeeingIndexes
{
    /// <summary>An endpoint's messages that wait, by when their deadlines pass. Counts of a reason go along it too.</summary>
    public static readonly BsonDocument Waiting = new() { { "endpoint", 1 }, { "reason", 1 }, { "deadline", 1 }, { "_id", 1 } };

    public static readonly BsonDocument Id = new("_id", 1);
}
