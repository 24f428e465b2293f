using MongoDB.Bson;

namespace Outbox.Embedded.MongoDb.Language.Expressions.Nodes;

/// <summary>An operator that works on the values of all its arguments.</summary>
internal sealed class CallExpression(Func<BsonValue?[], BsonValue?> body, Expression[] operands) : Expression
{
    public override BsonValue? Evaluate(Scope scope)
    {
        var values = new BsonValue?[operands.Length];
        for (var i = 0; i < values.Length; i++)
        {
            values[i] = operands[i].Evaluate(scope);
        }

        return body(values);
    }
}
