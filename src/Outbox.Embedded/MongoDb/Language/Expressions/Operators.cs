using System.Collections.Frozen;
using MongoDB.Bson;
using Outbox.Embedded.MongoDb.Errors;
using Outbox.Embedded.MongoDb.Language.Expressions.Collections;
using Outbox.Embedded.MongoDb.Language.Expressions.Conversion;
using Outbox.Embedded.MongoDb.Language.Expressions.Dates;
using Outbox.Embedded.MongoDb.Language.Expressions.Nodes;
using Outbox.Embedded.MongoDb.Language.Expressions.Numeric;
using Outbox.Embedded.MongoDb.Language.Expressions.Text;
using Outbox.Embedded.MongoDb.Language.Values;

namespace Outbox.Embedded.MongoDb.Language.Expressions;

/// <summary>Every expression operator by its name.</summary>
internal static class Operators
{
    private static readonly FrozenDictionary<string, OperatorTable.Builder> All = Collect();

    /// <summary>Known to MongoDB 4.4 and refused here, so that a user sees which it is.</summary>
    private static readonly FrozenSet<string> Refused = new[]
    {
        "$accumulator", "$function", "$meta", "$rand", "$regexFind", "$regexFindAll",
        "$acos", "$acosh", "$asin", "$asinh", "$atan", "$atan2", "$atanh", "$cos", "$cosh", "$sin", "$sinh", "$tan", "$tanh",
        "$degreesToRadians", "$radiansToDegrees",
    }.ToFrozenSet(StringComparer.Ordinal);

    public static IEnumerable<string> Names => All.Keys;

    public static bool IsKnown(string name) => All.ContainsKey(name) || Refused.Contains(name);

    public static ExpressionParser Parser(Variables variables) => new(variables, Build);

    /// <summary>The variables with those of a command's <c>let</c>: constants, each of which may use the ones before it.</summary>
    public static Variables Let(Variables variables, BsonDocument let)
    {
        foreach (var (name, value) in let.Select(each => (ExpressionParser.VariableName(each.Name), each.Value)))
        {
            var constant = new ExpressionParser(variables, Build, constant: true).Operand(value).Evaluate(new Scope([]));
            variables = variables.With(name, constant);
        }

        return variables;
    }

    private static Expression Build(ExpressionParser parser, string name, BsonValue argument) =>
        All.TryGetValue(name, out var build) ? build(parser, argument)
        : Refused.Contains(name) ? throw MongoError.NotImplemented($"The expression {name}")
        : throw new MongoError(168, "InvalidPipelineOperator", $"Unrecognized expression '{name}'");

    private static FrozenDictionary<string, OperatorTable.Builder> Collect()
    {
        var table = new OperatorTable();
        Logic.AddTo(table);
        Conditions.AddTo(table);
        Bindings.AddTo(table);
        Arithmetic.AddTo(table);
        Rounding.AddTo(table);
        Totals.AddTo(table);
        Strings.AddTo(table);
        Searching.AddTo(table);
        Arrays.AddTo(table);
        Iteration.AddTo(table);
        Objects.AddTo(table);
        Sets.AddTo(table);
        Zipping.AddTo(table);
        Conversions.AddTo(table);
        DateParts.AddTo(table);
        return table.ToFrozen();
    }
}
