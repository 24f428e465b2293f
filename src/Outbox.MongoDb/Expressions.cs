using MongoDB.Bson;
using MongoDB.Driver;

namespace Outbox.MongoDb;

/// <summary>Expressions that the server computes. Times are its own: no host's clock is compared with another's.</summary>
internal static class Expressions
{
    public const string Now = "$$NOW";

    public static BsonDocument In(TimeSpan time) => Op("$add", Now, (long)time.TotalMilliseconds);

    public static BsonDocument Ago(TimeSpan time) => Op("$subtract", Now, (long)time.TotalMilliseconds);

    /// <summary>What somebody wrote, and is not to be taken for an expression.</summary>
    public static BsonDocument Literal(BsonValue? value) => new("$literal", value ?? BsonNull.Value);

    /// <summary>An update that makes a document what is given, with fields that the server computes.</summary>
    public static UpdateDefinition<BsonDocument> Becomes(BsonDocument document, BsonDocument computed) =>
        Builders<BsonDocument>.Update.Pipeline(new BsonDocument[] { new("$replaceWith", Op("$mergeObjects", Literal(document), computed)) });

    /// <summary>An update of some fields, each by an expression.</summary>
    public static UpdateDefinition<BsonDocument> Set(BsonDocument computed) => Builders<BsonDocument>.Update.Pipeline(new BsonDocument[] { new("$set", computed) });

    public static BsonDocument Op(string name, params BsonValue[] operands) => new(name, new BsonArray(operands));
}
