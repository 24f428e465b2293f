using MongoDB.Bson;

namespace Outbox.Embedded.MongoDb.Language.Expressions.Nodes;

internal sealed class DelegateExpression(Func<Scope, BsonValue?> body) : Expression
{
    public override BsonValue? Evaluate(Scope scope) => body(scope);
}
