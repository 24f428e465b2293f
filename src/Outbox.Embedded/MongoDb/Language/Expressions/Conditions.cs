using MongoDB.Bson;
using Outbox.Embedded.MongoDb.Errors;
using Outbox.Embedded.MongoDb.Language.Documents;
using Outbox.Embedded.MongoDb.Language.Expressions.Nodes;
using Outbox.Embedded.MongoDb.Language.Values;

namespace Outbox.Embedded.MongoDb.Language.Expressions;

internal static class Conditions
{
    public static void AddTo(OperatorTable table)
    {
        table.Special("$cond", Cond);
        table.Special("$ifNull", IfNull);
        table.Special("$switch", Switch);
    }

    private static DelegateExpression Cond(ExpressionParser parser, BsonValue argument)
    {
        var (condition, then, otherwise) = argument is BsonDocument document ? Named(parser, document) : Listed(parser.Operands(argument));
        return new DelegateExpression(scope => (condition.Evaluate(scope).IsTrue() ? then : otherwise).Evaluate(scope));
    }

    private static (Expression If, Expression Then, Expression Else) Listed(Expression[] operands)
    {
        OperatorTable.CheckCount("$cond", operands.Length, 3, 3);
        return (operands[0], operands[1], operands[2]);
    }

    private static (Expression If, Expression Then, Expression Else) Named(ExpressionParser parser, BsonDocument document)
    {
        if (document.Names.FirstOrDefault(name => name is not ("if" or "then" or "else")) is { } unknown)
        {
            throw MongoError.Location(17083, $"Unrecognized parameter to $cond: {unknown}");
        }

        return (Part(17080, "if"), Part(17081, "then"), Part(17082, "else"));

        Expression Part(int code, string name) =>
            parser.Operand(document.Find(name) ?? throw MongoError.Location(code, $"Missing '{name}' parameter to $cond"));
    }

    private static DelegateExpression IfNull(ExpressionParser parser, BsonValue argument)
    {
        var operands = parser.Operands(argument);
        OperatorTable.CheckCount("$ifNull", operands.Length, 2, 2);
        return new DelegateExpression(scope => operands[0].Evaluate(scope) is var value && value.IsNullish() ? operands[1].Evaluate(scope) : value);
    }

    private static DelegateExpression Switch(ExpressionParser parser, BsonValue argument)
    {
        if (argument is not BsonDocument document)
        {
            throw MongoError.Location(40060, $"$switch requires an object as an argument, found: {TypeNames.Of(argument)}");
        }

        if (document.Names.FirstOrDefault(name => name is not ("branches" or "default")) is { } unknown)
        {
            throw MongoError.Location(40067, $"$switch found an unknown argument: {unknown}");
        }

        var branches = (document.Find("branches") as BsonArray ?? throw MongoError.Location(40061, "$switch expected an array for 'branches'"))
            .Select(branch => Branch(parser, branch)).ToArray();
        if (branches.Length == 0)
        {
            throw MongoError.Location(40068, "$switch requires at least one branch.");
        }

        var fallback = document.Find("default") is { } value ? parser.Operand(value) : null;
        return new DelegateExpression(scope => Chosen(branches, fallback, scope).Evaluate(scope));
    }

    private static Expression Chosen((Expression Case, Expression Then)[] branches, Expression? fallback, Scope scope)
    {
        foreach (var (condition, then) in branches)
        {
            if (condition.Evaluate(scope).IsTrue())
            {
                return then;
            }
        }

        return fallback ?? throw MongoError.Location(40066, "$switch could not find a matching branch for an input, and no default was specified.");
    }

    private static (Expression Case, Expression Then) Branch(ExpressionParser parser, BsonValue branch)
    {
        if (branch is not BsonDocument document)
        {
            throw MongoError.Location(40062, $"$switch expected each branch to be an object, found: {TypeNames.Of(branch)}");
        }

        if (document.Names.FirstOrDefault(name => name is not ("case" or "then")) is { } unknown)
        {
            throw MongoError.Location(40063, $"$switch found an unknown argument to a branch: {unknown}");
        }

        return (parser.Operand(document.Find("case") ?? throw MongoError.Location(40064, "$switch requires each branch have a 'case' expression")),
            parser.Operand(document.Find("then") ?? throw MongoError.Location(40065, "$switch requires each branch have a 'then' expression.")));
    }
}
