using MongoDB.Bson;
using Outbox.Embedded.MongoDb.Errors;
using Outbox.Embedded.MongoDb.Language.Documents;
using Outbox.Embedded.MongoDb.Language.Expressions.Nodes;
using Outbox.Embedded.MongoDb.Language.Values;

namespace Outbox.Embedded.MongoDb.Language.Expressions.Dates;

/// <summary><c>$dateFromString</c>.</summary>
internal sealed class DateFromText
{
    private static readonly string[] Names = ["dateString", "format", "timezone", "onError", "onNull"];

    private readonly Expression _text;
    private readonly Expression? _format, _zone, _onError, _onNull;

    private DateFromText(ExpressionParser parser, BsonDocument arguments)
    {
        _text = parser.Operand(arguments.Find("dateString") ?? throw MongoError.Location(40542, "Missing 'dateString' parameter to $dateFromString"));
        _format = Optional("format");
        _zone = Optional("timezone");
        _onError = Optional("onError");
        _onNull = Optional("onNull");

        Expression? Optional(string name) => arguments.Find(name) is { } value ? parser.Operand(value) : null;
    }

    public static DelegateExpression Parse(ExpressionParser parser, BsonValue argument)
    {
        var arguments = argument as BsonDocument
            ?? throw MongoError.Location(40540, $"$dateFromString only supports an object as an argument, found: {TypeNames.Of(argument)}");
        if (arguments.Names.FirstOrDefault(name => !Names.Contains(name)) is { } unknown)
        {
            throw MongoError.Location(40541, $"Unrecognized argument to $dateFromString: {unknown}");
        }

        return new DelegateExpression(new DateFromText(parser, arguments).Evaluate);
    }

    /// <summary>A format and a zone that make no sense are errors whatever the text is, and are no business of <c>onError</c>.</summary>
    private BsonValue? Evaluate(Scope scope)
    {
        var (text, format, zone) = (_text.Evaluate(scope), _format?.Evaluate(scope), _zone is null ? new BsonString("UTC") : _zone.Evaluate(scope));
        if (!format.IsNullish())
        {
            DatePattern.Check(format as BsonString ?? throw MongoError.Location(
                40684, $"$dateFromString requires that 'format' be a string, found: {TypeNames.Of(format)} with value {ShellText.Of(format)}"));
        }

        if (!zone.IsNullish())
        {
            _ = Zone.Offset(zone!, DateTime.UnixEpoch);
        }

        if (text.IsNullish())
        {
            return _onNull is null ? BsonNull.Value : _onNull.Evaluate(scope);
        }

        try
        {
            return Read(text!, format, zone);
        }
        catch (MongoError failure) when (failure.Code == 241 && _onError is not null)
        {
            return _onError.Evaluate(scope);
        }
        catch (ArgumentOutOfRangeException)
        {
            throw MongoError.NotImplemented("A date outside of the years 1 to 9999");
        }
    }

    private BsonValue Read(BsonValue value, BsonValue? format, BsonValue? zone)
    {
        var text = value as BsonString ?? throw MongoError.ConversionFailure(
            $"$dateFromString requires that 'dateString' be a string, found: {TypeNames.Of(value)} with value {ShellText.Of(value)}");
        if (zone.IsNullish() || (_format is not null && format.IsNullish()))
        {
            return BsonNull.Value;
        }

        var read = format is BsonString pattern ? DatePattern.Read(text.Value, pattern.Value) : IsoText.Read(text.Value);
        if (read.Offset is { } offset)
        {
            return zone!.AsString is "UTC" or "GMT" or "Z" ? new BsonDateTime(read.Local - offset) : throw MongoError.ConversionFailure(
                $"you cannot pass in a date/time string with GMT offset together with a timezone argument: '{text.Value}'");
        }

        return new BsonDateTime(Zone.ToUtc(zone!, read.Local));
    }
}

/// <summary>What a text says: a date and time of day, and perhaps how far from UTC that is.</summary>
internal readonly record struct DateRead(DateTime Local, TimeSpan? Offset);
