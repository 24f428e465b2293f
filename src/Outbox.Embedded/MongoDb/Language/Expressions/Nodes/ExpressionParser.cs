using System.Collections.Immutable;
using MongoDB.Bson;
using Outbox.Embedded.MongoDb.Errors;
using Outbox.Embedded.MongoDb.Language.Documents;
using Outbox.Embedded.MongoDb.Language.Values;

namespace Outbox.Embedded.MongoDb.Language.Expressions.Nodes;

/// <summary>Reads expressions; knows which variables are in sight.</summary>
internal sealed class ExpressionParser(Variables variables, ExpressionParser.OperatorReader operators, ImmutableHashSet<string> bound, bool constant)
{
    public ExpressionParser(Variables variables, OperatorReader operators, bool constant = false)
        : this(variables, operators, [], constant)
    {
    }

    /// <summary>Builds the expression of an operator; its arguments are read by the same parser.</summary>
    internal delegate Expression OperatorReader(ExpressionParser parser, string name, BsonValue argument);

    /// <summary>A parser for the inside of an expression that binds these names.</summary>
    public ExpressionParser With(params IEnumerable<string> names) => new(variables, operators, bound.Union(names), constant);

    public Expression Operand(BsonValue value) => value switch
    {
        BsonString text when text.Value.StartsWith('$') => Reference(text.Value),
        BsonDocument document => Document(document),
        BsonArray array => new ArrayExpression([.. array.Select(Operand)]),
        _ => new ConstantExpression(value),
    };

    /// <summary>The arguments of an operator: an array's elements, or the one value given without an array.</summary>
    public Expression[] Operands(BsonValue argument) => argument is BsonArray array ? [.. array.Select(Operand)] : [Operand(argument)];

    /// <summary>Checks a name that an expression binds: users' variables begin with a small letter.</summary>
    public static string VariableName(string name)
    {
        if (name.Length == 0)
        {
            throw MongoError.FailedToParse("empty variable names are not allowed");
        }

        if (name == "CURRENT")
        {
            throw MongoError.NotImplemented("Binding the variable CURRENT");
        }

        var valid = (char.IsAsciiLetterLower(name[0]) || name[0] > 127) && name.All(c => char.IsAsciiLetterOrDigit(c) || c == '_' || c > 127);
        return valid ? name : throw MongoError.FailedToParse($"'{name}' starts with an invalid character for a user variable name");
    }

    private Expression Document(BsonDocument document)
    {
        if (!document.StartsWithDollar())
        {
            return new ObjectExpression([.. document.Select(Field)]);
        }

        var (name, argument) = (document.GetElement(0).Name, document[0]);
        if (document.ElementCount != 1)
        {
            throw MongoError.Location(15983, $"An object representing an expression must have exactly one field: {ShellText.Of(document)}");
        }

        return operators(this, name, argument);
    }

    private KeyValuePair<string, Expression> Field(BsonElement element)
    {
        CheckName(element.Name);
        return new(element.Name, Operand(element.Value));
    }

    private static void CheckName(string name)
    {
        if (name.Contains('.'))
        {
            throw MongoError.Location(16412, "FieldPath field names may not contain '.'.");
        }

        if (name.StartsWith('$'))
        {
            throw MongoError.Location(16410, $"FieldPath field names may not start with '$'. Consider using $getField or $setField.");
        }

        if (name.Length == 0)
        {
            throw MongoError.Location(15998, "FieldPath field names may not be empty strings.");
        }
    }

    private Expression Reference(string text)
    {
        if (!text.StartsWith("$$", StringComparison.Ordinal))
        {
            var path = Parts(text[1..]);
            return constant ? throw NoDocument() : new FieldExpression(null, path);
        }

        var parts = Parts(text[2..]);
        var source = Variable(parts[0]);
        return parts.Length == 1 ? source : new FieldExpression(source, parts[1..]);
    }

    private static string[] Parts(string path)
    {
        if (path.Length == 0)
        {
            throw MongoError.Location(16872, "'$' by itself is not a valid FieldPath");
        }

        if (path.EndsWith('.'))
        {
            throw MongoError.Location(40353, "FieldPath must not end with a '.'.");
        }

        var parts = path.Split('.');
        Array.ForEach(parts, CheckName);
        return parts;
    }

    private Expression Variable(string name) => name switch
    {
        _ when bound.Contains(name) => new DelegateExpression(scope => scope.Variable(name)),
        "ROOT" or "CURRENT" => constant ? throw NoDocument() : new DelegateExpression(scope => scope.Root),
        "REMOVE" => new DelegateExpression(_ => null),
        "NOW" => new ConstantExpression(new BsonDateTime(variables.Now)),
        "CLUSTER_TIME" when variables.ClusterTime is { } time => new ConstantExpression(time),
        "CLUSTER_TIME" => throw MongoError.Location(51144, "Builtin variable '$$CLUSTER_TIME' is not available"),
        _ when variables.Let?.Find(name) is { } value => value is BsonUndefined ? new DelegateExpression(_ => null) : new ConstantExpression(value),
        _ => throw MongoError.Location(17276, $"Use of undefined variable: {name}"),
    };

    private static MongoError NoDocument() => MongoError.Location(
        4890500, "A variable in a command's 'let' tried to access a field, which is not allowed: it is calculated before any document is looked at.");
}
