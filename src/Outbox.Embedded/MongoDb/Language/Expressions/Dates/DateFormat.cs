using System.Globalization;
using System.Text;
using MongoDB.Bson;
using Outbox.Embedded.MongoDb.Errors;
using Outbox.Embedded.MongoDb.Language.Documents;
using Outbox.Embedded.MongoDb.Language.Expressions.Nodes;
using Outbox.Embedded.MongoDb.Language.Values;

namespace Outbox.Embedded.MongoDb.Language.Expressions.Dates;

/// <summary><c>$dateToString</c>.</summary>
internal static class DateFormat
{
    /// <summary>Up to MongoDB 6 the Z is there in every time zone.</summary>
    private static readonly BsonString Default = new("%Y-%m-%dT%H:%M:%S.%LZ");

    public static Expression ToText(ExpressionParser parser, BsonValue argument)
    {
        var named = new NamedArguments("$dateToString", argument, "date", "format", "timezone", "onNull");
        var date = parser.Operand(named.Required("date"));
        var format = named.Optional("format") is { } given ? parser.Operand(given) : null;
        var zone = named.Optional("timezone") is { } place ? parser.Operand(place) : null;
        var onNull = named.Optional("onNull") is { } none ? parser.Operand(none) : new ConstantExpression(BsonNull.Value);
        return new DelegateExpression(scope =>
        {
            var where = zone is null ? new BsonString("UTC") : zone.Evaluate(scope);
            var pattern = format is null ? Default : format.Evaluate(scope);
            var when = date.Evaluate(scope);
            if (when.IsNullish())
            {
                return onNull.Evaluate(scope);
            }

            if (pattern.IsNullish() || where.IsNullish())
            {
                return BsonNull.Value;
            }

            var text = pattern as BsonString ?? throw MongoError.Location(18533, $"$dateToString requires that 'format' be a string, found: {TypeNames.Of(pattern)}");
            var utc = DateParts.Moment("$dateToString", when!);
            return new BsonString(Write(text.Value, utc, Zone.Offset(where!, utc)));
        });
    }

    private static string Write(string format, DateTime utc, TimeSpan offset)
    {
        var (date, text) = (utc + offset, new StringBuilder());
        for (var i = 0; i < format.Length; i++)
        {
            if (format[i] != '%')
            {
                text.Append(format[i]);
                continue;
            }

            if (++i == format.Length)
            {
                throw MongoError.Location(18535, "Unmatched '%' at end of format string");
            }

            text.Append(Part(format[i], date, offset));
        }

        return text.ToString();
    }

    private static string Part(char part, DateTime date, TimeSpan offset) => part switch
    {
        '%' => "%",
        'Y' => Padded(date.Year, 4),
        'm' => Padded(date.Month, 2),
        'd' => Padded(date.Day, 2),
        'H' => Padded(date.Hour, 2),
        'M' => Padded(date.Minute, 2),
        'S' => Padded(date.Second, 2),
        'L' => Padded(date.Millisecond, 3),
        'j' => Padded(date.DayOfYear, 3),
        'w' => Padded((int)date.DayOfWeek + 1, 1),
        'u' => Padded(DateParts.IsoDay(date), 1),
        'U' => Padded(DateParts.SundayWeek(date), 2),
        'V' => Padded(ISOWeek.GetWeekOfYear(date), 2),
        'G' => Padded(ISOWeek.GetYear(date), 4),
        'z' => $"{(offset < TimeSpan.Zero ? '-' : '+')}{Padded(Math.Abs(offset.Hours), 2)}{Padded(Math.Abs(offset.Minutes), 2)}",
        'Z' => ((long)offset.TotalMinutes).ToString(CultureInfo.InvariantCulture),
        _ => throw MongoError.Location(18536, $"Invalid format character '%{part}' in format string"),
    };

    private static string Padded(int number, int width) => number.ToString(CultureInfo.InvariantCulture).PadLeft(width, '0');
}
