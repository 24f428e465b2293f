using MongoDB.Bson;
using Outbox.Embedded.MongoDb.Errors;
using Outbox.Embedded.MongoDb.Language.Documents;
using Outbox.Embedded.MongoDb.Language.Expressions.Nodes;
using Outbox.Embedded.MongoDb.Language.Values;

namespace Outbox.Embedded.MongoDb.Language.Expressions.Collections;

/// <summary>Expressions that run another one for every element.</summary>
internal static class Iteration
{
    public static void AddTo(OperatorTable table)
    {
        table.Special("$filter", Filter);
        table.Special("$map", Map);
        table.Special("$reduce", Reduce);
    }

    private static DelegateExpression Filter(ExpressionParser parser, BsonValue argument)
    {
        var named = new NamedArguments("$filter", argument, "input", "as", "cond");
        var (input, name) = (parser.Operand(named.Required("input")), Name(named));
        var condition = parser.With(name).Operand(named.Required("cond"));
        return new DelegateExpression(scope => Over(input.Evaluate(scope), 28651, "input to $filter must be an array not",
            array => new BsonArray(array.Where(item => condition.Evaluate(scope.Bind(name, item)).IsTrue()))));
    }

    private static DelegateExpression Map(ExpressionParser parser, BsonValue argument)
    {
        var named = new NamedArguments("$map", argument, "input", "as", "in");
        var (input, name) = (parser.Operand(named.Required("input")), Name(named));
        var body = parser.With(name).Operand(named.Required("in"));
        return new DelegateExpression(scope => Over(input.Evaluate(scope), 16883, "input to $map must be an array not",
            array => new BsonArray(array.Select(item => body.Evaluate(scope.Bind(name, item)) ?? BsonNull.Value))));
    }

    private static DelegateExpression Reduce(ExpressionParser parser, BsonValue argument)
    {
        var named = new NamedArguments("$reduce", argument, "input", "initialValue", "in");
        var (input, initial) = (parser.Operand(named.Required("input")), parser.Operand(named.Required("initialValue")));
        var body = parser.With("this", "value").Operand(named.Required("in"));
        return new DelegateExpression(scope => Over(input.Evaluate(scope), 40080, "$reduce requires that 'input' be an array, found:",
            array => Folded(array, initial.Evaluate(scope), body, scope)));
    }

    private static BsonValue? Folded(BsonArray array, BsonValue? value, Expression body, Scope scope)
    {
        for (var i = 0; i < array.Count; i++)
        {
            value = body.Evaluate(scope.Bind("value", value).Bind("this", array[i]));

            // Each step may nest the value deeper; a look now and then keeps it within what can be walked.
            value = i % 16 == 15 && value is not null ? Depth.Checked(value) : value;
        }

        return value;
    }

    private static string Name(NamedArguments named) => named.Optional("as") switch
    {
        null => "this",
        BsonString name => ExpressionParser.VariableName(name.Value),
        _ => throw MongoError.FailedToParse("'as' must be a string"),
    };

    private static BsonValue? Over(BsonValue? input, int code, string problem, Func<BsonArray, BsonValue?> body) => input switch
    {
        BsonArray array => body(array),
        _ when input.IsNullish() => BsonNull.Value,
        _ => throw MongoError.Location(code, $"{problem} {TypeNames.Of(input)}"),
    };
}
