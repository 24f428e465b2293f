using System.Collections.Frozen;
using MongoDB.Bson;
using Outbox.Embedded.MongoDb.Errors;

namespace Outbox.Embedded.MongoDb.Language.Expressions.Nodes;

/// <summary>Where the families of operators enter theirs.</summary>
internal sealed class OperatorTable
{
    private readonly Dictionary<string, Builder> _builders = new(StringComparer.Ordinal);

    internal delegate Expression Builder(ExpressionParser parser, BsonValue argument);

    /// <summary>An operator that does not simply evaluate all of its arguments.</summary>
    public void Special(string name, Builder build) => _builders.Add(name, build);

    public void Unary(string name, Func<BsonValue?, BsonValue?> body) => Function(name, 1, 1, args => body(args[0]));

    public void Binary(string name, Func<BsonValue?, BsonValue?, BsonValue?> body) => Function(name, 2, 2, args => body(args[0], args[1]));

    public void Variadic(string name, Func<BsonValue?[], BsonValue?> body) => Function(name, 0, int.MaxValue, body);

    public void Function(string name, int min, int max, Func<BsonValue?[], BsonValue?> body) => Special(name, (parser, argument) =>
    {
        var operands = parser.Operands(argument);
        CheckCount(name, operands.Length, min, max);
        return new CallExpression(body, operands);
    });

    public FrozenDictionary<string, Builder> ToFrozen() => _builders.ToFrozenDictionary(StringComparer.Ordinal);

    public static void CheckCount(string name, int count, int min, int max)
    {
        if (min == max && count != min)
        {
            throw MongoError.Location(16020, $"Expression {name} takes exactly {min} arguments. {count} were passed in.");
        }

        if (count < min || count > max)
        {
            throw MongoError.Location(28667, $"Expression {name} takes at least {min} arguments, and at most {max}, but {count} were passed in.");
        }
    }
}
