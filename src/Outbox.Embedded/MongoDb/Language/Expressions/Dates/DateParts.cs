using System.Globalization;
using MongoDB.Bson;
using Outbox.Embedded.MongoDb.Errors;
using Outbox.Embedded.MongoDb.Language.Documents;
using Outbox.Embedded.MongoDb.Language.Expressions.Nodes;
using Outbox.Embedded.MongoDb.Language.Values;

namespace Outbox.Embedded.MongoDb.Language.Expressions.Dates;

/// <summary>A date's parts: each takes a date, or <c>{ date, timezone }</c>.</summary>
internal static class DateParts
{
    public static void AddTo(OperatorTable table)
    {
        Part(table, "$year", date => date.Year);
        Part(table, "$month", date => date.Month);
        Part(table, "$dayOfMonth", date => date.Day);
        Part(table, "$dayOfYear", date => date.DayOfYear);
        Part(table, "$dayOfWeek", date => (int)date.DayOfWeek + 1);
        Part(table, "$isoDayOfWeek", IsoDay);
        Part(table, "$isoWeek", ISOWeek.GetWeekOfYear);
        table.Special("$isoWeekYear", (parser, argument) => Read("$isoWeekYear", parser, argument, date => new BsonInt64(ISOWeek.GetYear(date))));
        Part(table, "$week", SundayWeek);
        Part(table, "$hour", date => date.Hour);
        Part(table, "$minute", date => date.Minute);
        Part(table, "$second", date => date.Second);
        Part(table, "$millisecond", date => date.Millisecond);
        table.Special("$dateToString", DateFormat.ToText);
        table.Special("$dateToParts", DateRecord.ToParts);
        table.Special("$dateFromParts", DateRecord.FromParts);
        table.Special("$dateFromString", DateFromText.Parse);
    }

    public static int IsoDay(DateTime date) => date.DayOfWeek == DayOfWeek.Sunday ? 7 : (int)date.DayOfWeek;

    /// <summary>Weeks begin on Sunday; days before the year's first Sunday are in week 0.</summary>
    public static int SundayWeek(DateTime date) => (date.DayOfYear + 6 - (int)date.DayOfWeek) / 7;

    /// <summary>The moment that a date, an object id or a timestamp stands for.</summary>
    public static DateTime Moment(string name, BsonValue value) => value switch
    {
        BsonDateTime date => DateText.At(date.MillisecondsSinceEpoch),
        BsonObjectId id => DateText.At((long)(uint)id.Value.Timestamp * 1000),
        BsonTimestamp stamp => DateText.At((long)(uint)stamp.Timestamp * 1000),
        _ => throw MongoError.Location(16006, $"can't convert from BSON type {TypeNames.Of(value)} to Date in {name}"),
    };

    private static void Part(OperatorTable table, string name, Func<DateTime, int> part) =>
        table.Special(name, (parser, argument) => Read(name, parser, argument, date => new BsonInt32(part(date))));

    private static DelegateExpression Read(string name, ExpressionParser parser, BsonValue argument, Func<DateTime, BsonValue> part)
    {
        var (source, zone) = Arguments(name, parser, argument);
        return new DelegateExpression(scope =>
        {
            var (date, place) = (source.Evaluate(scope), zone is null ? new BsonString("UTC") : zone.Evaluate(scope));
            if (date.IsNullish() || place.IsNullish())
            {
                return BsonNull.Value;
            }

            var utc = Moment(name, date!);
            return part(utc + Zone.Offset(place!, utc));
        });
    }

    private static (Expression Date, Expression? Zone) Arguments(string name, ExpressionParser parser, BsonValue argument)
    {
        if (argument is BsonDocument document && !document.StartsWithDollar())
        {
            var named = new NamedArguments(name, document, "date", "timezone");
            return (parser.Operand(named.Required("date")), named.Optional("timezone") is { } zone ? parser.Operand(zone) : null);
        }

        var operands = parser.Operands(argument);
        return operands is [var only] ? (only, null)
            : throw MongoError.Location(40536, $"{name} accepts exactly one argument if given an array, but was given {operands.Length}");
    }
}
