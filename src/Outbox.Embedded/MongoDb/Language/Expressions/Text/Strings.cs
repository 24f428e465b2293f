using System.Text;
using MongoDB.Bson;
using Outbox.Embedded.MongoDb.Errors;
using Outbox.Embedded.MongoDb.Language.Documents;
using Outbox.Embedded.MongoDb.Language.Expressions.Conversion;
using Outbox.Embedded.MongoDb.Language.Expressions.Nodes;
using Outbox.Embedded.MongoDb.Language.Values;

namespace Outbox.Embedded.MongoDb.Language.Expressions.Text;

internal static class Strings
{
    public static void AddTo(OperatorTable table)
    {
        table.Variadic("$concat", Concat);
        table.Unary("$toLower", x => new BsonString(Ascii(Coerce("$toLower", x), char.IsAsciiLetterUpper)));
        table.Unary("$toUpper", x => new BsonString(Ascii(Coerce("$toUpper", x), char.IsAsciiLetterLower)));
        table.Binary("$strcasecmp", (x, y) => new BsonInt32(Math.Sign(BsonOrder.Text(
            Ascii(Coerce("$strcasecmp", x), char.IsAsciiLetterLower), Ascii(Coerce("$strcasecmp", y), char.IsAsciiLetterLower)))));
        table.Unary("$strLenCP", x => new BsonInt32(Required("$strLenCP", 34471, x).EnumerateRunes().Count()));
        table.Unary("$strLenBytes", x => new BsonInt32(Encoding.UTF8.GetByteCount(Required("$strLenBytes", 34473, x))));
        table.Unary("$binarySize", x => x.IsNullish() ? BsonNull.Value : x is BsonBinaryData binary ? new BsonInt32(binary.Bytes.Length)
            : x is BsonString text ? new BsonInt32(Encoding.UTF8.GetByteCount(text.Value))
            : throw MongoError.Location(51276, $"$binarySize requires a string or BinData argument, found: {TypeNames.Of(x)}"));
        table.Function("$substrCP", 3, 3, args => SubstringCodePoints(args));
        table.Function("$substrBytes", 3, 3, args => SubstringBytes(args));
        table.Function("$substr", 3, 3, args => SubstringBytes(args));
        table.Binary("$split", Split);
        Trimming.AddTo(table);
    }

    /// <summary>A value as the string operators take it: null is empty, numbers and dates are written out.</summary>
    public static string Coerce(string name, BsonValue? value) => value switch
    {
        null or BsonNull or BsonUndefined => "",
        BsonString text => text.Value,
        BsonSymbol symbol => symbol.Name,
        BsonDateTime or BsonInt32 or BsonInt64 or BsonDouble or BsonDecimal128 => Written.Of(value),
        _ => throw MongoError.Location(16007, $"can't convert from BSON type {TypeNames.Of(value)} to String in {name}"),
    };

    /// <summary>Only ASCII letters change their case, as in MongoDB.</summary>
    private static string Ascii(string text, Func<char, bool> changes) => string.Create(text.Length, (text, changes), (span, state) =>
    {
        for (var i = 0; i < span.Length; i++)
        {
            span[i] = state.changes(state.text[i]) ? (char)(state.text[i] ^ 0x20) : state.text[i];
        }
    });

    private static string Required(string name, int code, BsonValue? value) =>
        value is BsonString text ? text.Value : throw MongoError.Location(code, $"{name} requires a string argument, found: {TypeNames.Of(value)}");

    private static BsonValue Concat(BsonValue?[] args)
    {
        var text = new StringBuilder();
        foreach (var arg in args)
        {
            if (arg.IsNullish())
            {
                return BsonNull.Value;
            }

            text.Append(arg is BsonString part ? part.Value : throw MongoError.Location(16702, $"$concat only supports strings, not {TypeNames.Of(arg)}"));
        }

        return new BsonString(text.ToString());
    }

    private static BsonString SubstringCodePoints(BsonValue?[] args)
    {
        var runes = Coerce("$substrCP", args[0]).EnumerateRunes().ToArray();
        var start = Position(args[1], "starting index", 34450);
        var length = Position(args[2], "length", 34452);
        return new BsonString(string.Concat(runes.Skip(start).Take(length).Select(rune => rune.ToString())));
    }

    private static int Position(BsonValue? value, string what, int code)
    {
        if (!Numbers.IsNumber(value))
        {
            throw MongoError.Location(code, $"$substrCP: {what} must be a numeric type (is BSON type {TypeNames.Of(value)})");
        }

        if (!Numbers.TryWhole(value, out var whole) || whole is > int.MaxValue or < int.MinValue)
        {
            throw MongoError.Location(code + 1, $"$substrCP: {what} cannot be represented as a 32-bit integral value: {ShellText.Of(value)}");
        }

        return whole >= 0 ? (int)whole : throw MongoError.Location(code == 34450 ? 34455 : 34454, $"$substrCP: {what} must be a nonnegative integer.");
    }

    private static BsonString SubstringBytes(BsonValue?[] args)
    {
        var bytes = Encoding.UTF8.GetBytes(Coerce("$substrBytes", args[0]));
        var start = Offset(args[1], "starting index", 16034);
        var length = Offset(args[2], "length", 16035);
        if (start < 0)
        {
            throw MongoError.Location(50752, $"$substrBytes: starting index must be non-negative (got: {start})");
        }

        if (start >= bytes.Length)
        {
            return BsonString.Empty;
        }

        var end = length < 0 || length > bytes.Length - start ? bytes.Length : start + length;
        if (IsContinuation(bytes, start))
        {
            throw MongoError.Location(28656, "$substrBytes:  Invalid range, starting index is a UTF-8 continuation byte.");
        }

        return IsContinuation(bytes, end)
            ? throw MongoError.Location(28657, "$substrBytes:  Invalid range, ending index is in the middle of a UTF-8 character.")
            : new BsonString(Encoding.UTF8.GetString(bytes, (int)start, (int)(end - start)));
    }

    private static long Offset(BsonValue? value, string what, int code) =>
        Numbers.IsNumber(value) && Numbers.TryTruncate(value!, out var whole) ? whole
        : throw MongoError.Location(code, $"$substrBytes:  {what} must be a numeric type (is BSON type {TypeNames.Of(value)})");

    private static bool IsContinuation(byte[] bytes, long at) => at < bytes.Length && (bytes[at] & 0xc0) == 0x80;

    private static BsonValue Split(BsonValue? text, BsonValue? separator)
    {
        if (text.IsNullish() || separator.IsNullish())
        {
            return BsonNull.Value;
        }

        if (text is not BsonString whole)
        {
            throw MongoError.Location(40085, $"$split requires an expression that evaluates to a string as a first argument, found: {TypeNames.Of(text)}");
        }

        if (separator is not BsonString between)
        {
            throw MongoError.Location(40086, $"$split requires an expression that evaluates to a string as a second argument, found: {TypeNames.Of(separator)}");
        }

        return between.Value.Length == 0
            ? throw MongoError.Location(40087, "$split requires a non-empty separator")
            : new BsonArray(whole.Value.Split(between.Value, StringSplitOptions.None));
    }
}
