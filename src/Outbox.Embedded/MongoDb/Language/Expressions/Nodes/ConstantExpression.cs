using MongoDB.Bson;

namespace Outbox.Embedded.MongoDb.Language.Expressions.Nodes;

internal sealed class ConstantExpression(BsonValue value) : Expression
{
    public override bool TryAddFields(ISet<string> fields) => true;

    public override BsonValue Evaluate(Scope scope) => value;
}
