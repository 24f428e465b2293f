using MongoDB.Bson;
using Outbox.Embedded.MongoDb.Errors;
using Outbox.Embedded.MongoDb.Language.Expressions.Nodes;

namespace Outbox.Embedded.MongoDb.Language.Expressions;

/// <summary>Values taken as they are, and values given a name.</summary>
internal static class Bindings
{
    public static void AddTo(OperatorTable table)
    {
        table.Special("$literal", (_, argument) => new ConstantExpression(argument));
        table.Special("$const", (_, argument) => new ConstantExpression(argument));
        table.Special("$let", Let);
    }

    private static DelegateExpression Let(ExpressionParser parser, BsonValue argument)
    {
        var named = new NamedArguments("$let", argument, "vars", "in");
        var vars = named.Required("vars") as BsonDocument ?? throw MongoError.Location(10065, "invalid parameter: expected an object (vars)");
        var values = vars.Select(each => (Name: ExpressionParser.VariableName(each.Name), Value: parser.Operand(each.Value))).ToArray();
        var body = parser.With(values.Select(each => each.Name)).Operand(named.Required("in"));
        return new DelegateExpression(outer =>
        {
            var scope = outer;
            foreach (var (name, value) in values)
            {
                // Each value is calculated outside: the names do not see one another.
                scope = scope.Bind(name, value.Evaluate(outer));
            }

            return body.Evaluate(scope);
        });
    }
}
