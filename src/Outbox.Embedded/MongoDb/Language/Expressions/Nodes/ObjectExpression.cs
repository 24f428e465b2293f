using MongoDB.Bson;

namespace Outbox.Embedded.MongoDb.Language.Expressions.Nodes;

/// <summary>A document in which what is missing stays away.</summary>
internal sealed class ObjectExpression(KeyValuePair<string, Expression>[] fields) : Expression
{
    public override BsonValue Evaluate(Scope scope)
    {
        var document = new BsonDocument();
        foreach (var (name, expression) in fields)
        {
            if (expression.Evaluate(scope) is { } value)
            {
                document[name] = value;
            }
        }

        return document;
    }
}
