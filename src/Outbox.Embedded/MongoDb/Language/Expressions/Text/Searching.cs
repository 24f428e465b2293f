using System.Text;
using MongoDB.Bson;
using Outbox.Embedded.MongoDb.Errors;
using Outbox.Embedded.MongoDb.Language.Documents;
using Outbox.Embedded.MongoDb.Language.Expressions.Nodes;
using Outbox.Embedded.MongoDb.Language.Values;

namespace Outbox.Embedded.MongoDb.Language.Expressions.Text;

/// <summary>Finding text in text.</summary>
internal static class Searching
{
    public static void AddTo(OperatorTable table)
    {
        table.Function("$indexOfCP", 2, 4, args => IndexOf("$indexOfCP", args, prefix => prefix.EnumerateRunes().Count()));
        table.Function("$indexOfBytes", 2, 4, args => IndexOf("$indexOfBytes", args, Encoding.UTF8.GetByteCount));
        table.Special("$regexMatch", RegexMatch);
        table.Special("$replaceOne", (parser, argument) => Replace("$replaceOne", parser, argument, once: true));
        table.Special("$replaceAll", (parser, argument) => Replace("$replaceAll", parser, argument, once: false));
    }

    private static BsonValue IndexOf(string name, BsonValue?[] args, Func<string, int> measure)
    {
        if (args[0].IsNullish())
        {
            return BsonNull.Value;
        }

        if (args[0] is not BsonString text)
        {
            throw MongoError.Location(40091, $"{name} requires a string as the first argument, found: {TypeNames.Of(args[0])}");
        }

        if (args[1] is not BsonString sought)
        {
            throw MongoError.Location(40092, $"{name} requires a string as the second argument, found: {TypeNames.Of(args[1])}");
        }

        var start = args.Length > 2 ? Limit(name, args[2], "starting") : 0;
        var end = args.Length > 3 ? Limit(name, args[3], "ending") : int.MaxValue;
        for (var at = 0; (at = text.Value.IndexOf(sought.Value, at, StringComparison.Ordinal)) >= 0; at++)
        {
            var place = measure(text.Value[..at]);
            if (place >= start && place + measure(sought.Value) <= end)
            {
                return new BsonInt32(place);
            }

            if (at == text.Value.Length)
            {
                break;
            }
        }

        return new BsonInt32(-1);
    }

    private static int Limit(string name, BsonValue? value, string what) =>
        Numbers.TryWhole(value, out var whole) && whole is >= int.MinValue and <= int.MaxValue
            ? whole >= 0 ? (int)whole : throw MongoError.Location(40097, $"{name} requires a nonnegative {what} index, found: {whole}")
            : throw MongoError.Location(40096, $"{name} requires an integral {what} index, found a value of type: {TypeNames.Of(value)}, with value: {ShellText.Of(value)}");

    private static DelegateExpression RegexMatch(ExpressionParser parser, BsonValue argument)
    {
        var named = new NamedArguments("$regexMatch", argument, "input", "regex", "options");
        var (input, regex) = (parser.Operand(named.Required("input")), parser.Operand(named.Required("regex")));
        var options = named.Optional("options") is { } given ? parser.Operand(given) : null;
        return new DelegateExpression(scope =>
        {
            var (text, pattern, flags) = (input.Evaluate(scope), regex.Evaluate(scope), options?.Evaluate(scope));
            if (text.IsNullish() || pattern.IsNullish())
            {
                return BsonBoolean.False;
            }

            var subject = text as BsonString ?? throw MongoError.Location(51104, "$regexMatch needs 'input' to be of type string");
            var set = flags.IsNullish() ? "" : (flags as BsonString ?? throw MongoError.Location(51106, "$regexMatch needs 'options' to be of type string")).Value;
            return pattern switch
            {
                BsonString source => (BsonBoolean)Patterns.IsMatch(Patterns.Compile(source.Value, set), subject.Value),
                BsonRegularExpression { Options.Length: > 0 } when set.Length > 0 =>
                    throw MongoError.Location(51107, "$regexMatch: found regex option(s) specified in both 'regex' and 'option' fields"),
                BsonRegularExpression source => (BsonBoolean)Patterns.IsMatch(Patterns.Compile(source.Pattern, set + source.Options), subject.Value),
                _ => throw MongoError.Location(51105, "$regexMatch needs 'regex' to be of type string or regex"),
            };
        });
    }

    private static DelegateExpression Replace(string name, ExpressionParser parser, BsonValue argument, bool once)
    {
        var named = new NamedArguments(name, argument, "input", "find", "replacement");
        Expression[] operands = [.. new[] { "input", "find", "replacement" }.Select(each => parser.Operand(named.Required(each)))];
        return new DelegateExpression(scope =>
        {
            var values = Array.ConvertAll(operands, operand => operand.Evaluate(scope));
            var wrong = Array.FindIndex(values, value => !value.IsNullish() && value is not BsonString);
            if (wrong >= 0)
            {
                throw MongoError.Location(51746 - wrong, $"{name} requires that '{new[] { "input", "find", "replacement" }[wrong]}' be a string, found: {ShellText.Of(values[wrong])}");
            }

            return Array.Exists(values, value => value.IsNullish()) ? BsonNull.Value
                : new BsonString(Replaced(values[0]!.AsString, values[1]!.AsString, values[2]!.AsString, once));
        });
    }

    private static string Replaced(string input, string find, string replacement, bool once)
    {
        if (!once && find.Length > 0)
        {
            return input.Replace(find, replacement, StringComparison.Ordinal);
        }

        if (find.Length == 0)
        {
            return once ? replacement + input : string.Concat(input.EnumerateRunes().Select(rune => replacement + rune.ToString())) + replacement;
        }

        var at = input.IndexOf(find, StringComparison.Ordinal);
        return at < 0 ? input : string.Concat(input.AsSpan(0, at), replacement, input.AsSpan(at + find.Length));
    }
}
