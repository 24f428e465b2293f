using System.Text;
using MongoDB.Bson;
using Outbox.Embedded.MongoDb.Errors;
using Outbox.Embedded.MongoDb.Language.Documents;
using Outbox.Embedded.MongoDb.Language.Expressions.Nodes;
using Outbox.Embedded.MongoDb.Language.Values;

namespace Outbox.Embedded.MongoDb.Language.Expressions.Text;

internal static class Trimming
{
    private const string Blanks = "\0 \t\n\v\f\r\u00a0\u1680\u2000\u2001\u2002\u2003\u2004\u2005\u2006\u2007\u2008\u2009\u200a";

    public static void AddTo(OperatorTable table)
    {
        table.Special("$trim", (parser, argument) => Trim("$trim", parser, argument, left: true, right: true));
        table.Special("$ltrim", (parser, argument) => Trim("$ltrim", parser, argument, left: true, right: false));
        table.Special("$rtrim", (parser, argument) => Trim("$rtrim", parser, argument, left: false, right: true));
    }

    private static DelegateExpression Trim(string name, ExpressionParser parser, BsonValue argument, bool left, bool right)
    {
        var named = new NamedArguments(name, argument, "input", "chars");
        var input = parser.Operand(named.Required("input"));
        var chars = named.Optional("chars") is { } given ? parser.Operand(given) : null;
        return new DelegateExpression(scope =>
        {
            var (text, set) = (input.Evaluate(scope), chars is null ? new BsonString(Blanks) : chars.Evaluate(scope));
            return text.IsNullish() || set.IsNullish() ? BsonNull.Value : new BsonString(Cut(Text(name, 50699, text), Text(name, 50700, set), left, right));
        });
    }

    private static string Text(string name, int code, BsonValue? value) => value is BsonString text ? text.Value
        : throw MongoError.Location(code, $"{name} requires its {(code == 50699 ? "input" : "'chars' argument")} to be a string, got {ShellText.Of(value)} (of type {TypeNames.Of(value)}) instead.");

    private static string Cut(string text, string set, bool left, bool right)
    {
        var cut = set.EnumerateRunes().ToHashSet();
        var runes = text.EnumerateRunes().ToArray();
        int start = 0, end = runes.Length;
        while (left && start < end && cut.Contains(runes[start]))
        {
            start++;
        }

        while (right && end > start && cut.Contains(runes[end - 1]))
        {
            end--;
        }

        var kept = new StringBuilder(text.Length);
        foreach (var rune in runes.AsSpan(start, end - start))
        {
            kept.Append(rune.ToString());
        }

        return kept.ToString();
    }
}
