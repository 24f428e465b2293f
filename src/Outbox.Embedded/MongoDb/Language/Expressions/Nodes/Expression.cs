using MongoDB.Bson;

namespace Outbox.Embedded.MongoDb.Language.Expressions.Nodes;

/// <summary>An aggregation expression. Null stands for a missing value, which is not the same as BSON null.</summary>
internal abstract class Expression
{
    public abstract BsonValue? Evaluate(Scope scope);
}
