using MongoDB.Bson;
using Outbox.Embedded.MongoDb.Errors;
using Outbox.Embedded.MongoDb.Language.Documents;
using Outbox.Embedded.MongoDb.Language.Expressions.Nodes;
using Outbox.Embedded.MongoDb.Language.Values;

namespace Outbox.Embedded.MongoDb.Language.Expressions.Collections;

/// <summary><c>$zip</c>: the first elements of several arrays, then the second ones, and so on.</summary>
internal static class Zipping
{
    public static void AddTo(OperatorTable table) => table.Special("$zip", Zip);

    private static DelegateExpression Zip(ExpressionParser parser, BsonValue argument)
    {
        var named = new NamedArguments("$zip", argument, "inputs", "useLongestLength", "defaults");
        var inputs = Operands(parser, 34461, "inputs", named.Required("inputs"));
        var defaults = named.Optional("defaults") is { } given ? Operands(parser, 34462, "defaults", given) : [];
        var longest = named.Optional("useLongestLength") switch
        {
            null => false,
            BsonBoolean flag => flag.Value,
            var other => throw MongoError.Location(34463, $"useLongestLength must be a bool, found {TypeNames.Of(other)}"),
        };
        if (inputs.Length == 0)
        {
            throw MongoError.Location(34465, "$zip requires at least one input array");
        }

        if (defaults.Length > 0 && !longest)
        {
            throw MongoError.Location(34466, "cannot specify defaults unless useLongestLength is true");
        }

        if (defaults.Length > 0 && defaults.Length != inputs.Length)
        {
            throw MongoError.Location(34467, "defaults and inputs must have the same length");
        }

        return new DelegateExpression(scope => Zipped(scope, inputs, defaults, longest));
    }

    private static BsonValue Zipped(Scope scope, Expression[] inputs, Expression[] defaults, bool longest)
    {
        var values = Array.ConvertAll(inputs, input => input.Evaluate(scope));
        if (Array.Exists(values, value => value.IsNullish()))
        {
            return BsonNull.Value;
        }

        var arrays = Array.ConvertAll(values, value => value as BsonArray ?? throw MongoError.Location(34468, $"$zip found a non-array expression in input: {ShellText.Of(value)}"));
        var fillers = Array.ConvertAll(defaults, filler => filler.Evaluate(scope));
        var length = longest ? arrays.Max(array => array.Count) : arrays.Min(array => array.Count);
        return new BsonArray(Enumerable.Range(0, length).Select(at => new BsonArray(
            arrays.Select((array, i) => at < array.Count ? array[at] : fillers.ElementAtOrDefault(i) ?? BsonNull.Value))));
    }

    private static Expression[] Operands(ExpressionParser parser, int code, string what, BsonValue argument) =>
        argument is BsonArray array ? [.. array.Select(parser.Operand)] : throw MongoError.Location(code, $"{what} must be an array of expressions, found {TypeNames.Of(argument)}");
}
