using MongoDB.Bson;

namespace Outbox.Embedded.MongoDb.Language.Expressions.Nodes;

/// <summary>An array in which what is missing becomes null.</summary>
internal sealed class ArrayExpression(Expression[] items) : Expression
{
    public override BsonValue Evaluate(Scope scope) => new BsonArray(items.Select(item => item.Evaluate(scope) ?? BsonNull.Value));
}
