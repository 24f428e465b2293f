using MongoDB.Bson;

namespace Outbox.Embedded.MongoDb.History;

/// Points in the order of commits, as clients see them.
internal static class Timestamps
{
    public static BsonTimestamp ToBson(ulong timestamp) => new((long)timestamp);

    public static ulong FromBson(BsonTimestamp timestamp) => (ulong)timestamp.Value;
}
