using MongoDB.Bson;

namespace Outbox.MongoDb;

/// <summary>Expressions that the server computes. Times are its own: no host's clock is compared with another's.</summary>
internal static class Expressions
{
    public const string Now = "$$NOW";

    public static BsonDocument In(TimeSpan time) => Op("$add", Now, (long)time.TotalMilliseconds);

    public static BsonDocument Ago(TimeSpan time) => Op("$subtract", Now, (long)time.TotalMilliseconds);

    public static BsonDocument Op(string name, params BsonValue[] operands) => new(name, new BsonArray(operands));
}
