using System.Globalization;
using MongoDB.Bson;
using Outbox.Embedded.MongoDb.Errors;
using Outbox.Embedded.MongoDb.Language.Documents;
using Outbox.Embedded.MongoDb.Language.Expressions.Nodes;
using Outbox.Embedded.MongoDb.Language.Values;

namespace Outbox.Embedded.MongoDb.Language.Expressions.Dates;

/// <summary><c>$dateToParts</c> and <c>$dateFromParts</c>.</summary>
internal static class DateRecord
{
    private static readonly string[] Names = ["year", "month", "day", "hour", "minute", "second", "millisecond"];

    public static Expression ToParts(ExpressionParser parser, BsonValue argument)
    {
        var named = new NamedArguments("$dateToParts", argument, "date", "timezone", "iso8601");
        var date = parser.Operand(named.Required("date"));
        var zone = parser.Operand(named.Optional("timezone") ?? "UTC");
        var iso = parser.Operand(named.Optional("iso8601") ?? false);
        return new DelegateExpression(scope =>
        {
            var (when, where, weeks) = (date.Evaluate(scope), zone.Evaluate(scope), iso.Evaluate(scope));
            if (when.IsNullish() || where.IsNullish() || weeks.IsNullish())
            {
                return BsonNull.Value;
            }

            var utc = DateParts.Moment("$dateToParts", when!);
            return Parts(utc + Zone.Offset(where!, utc), weeks.IsTrue());
        });
    }

    public static Expression FromParts(ExpressionParser parser, BsonValue argument)
    {
        if (argument is BsonDocument document && document.Names.Any(name => name.StartsWith("iso", StringComparison.Ordinal)))
        {
            throw MongoError.NotImplemented("$dateFromParts of ISO week dates");
        }

        var named = new NamedArguments("$dateFromParts", argument, [.. Names, "timezone"]);
        named.Required("year");
        var parts = Array.ConvertAll(Names, name => parser.Operand(named.Optional(name) ?? (name is "month" or "day" ? 1 : 0)));
        var zone = parser.Operand(named.Optional("timezone") ?? "UTC");
        return new DelegateExpression(scope =>
        {
            var (values, where) = (Array.ConvertAll(parts, part => part.Evaluate(scope)), zone.Evaluate(scope));
            return where.IsNullish() || Array.Exists(values, value => value.IsNullish()) ? BsonNull.Value : Built(values, where!);
        });
    }

    private static BsonDocument Parts(DateTime date, bool iso) => new()
    {
        { iso ? "isoWeekYear" : "year", iso ? ISOWeek.GetYear(date) : date.Year },
        { iso ? "isoWeek" : "month", iso ? ISOWeek.GetWeekOfYear(date) : date.Month },
        { iso ? "isoDayOfWeek" : "day", iso ? DateParts.IsoDay(date) : date.Day },
        { "hour", date.Hour },
        { "minute", date.Minute },
        { "second", date.Second },
        { "millisecond", date.Millisecond },
    };

    /// <summary>Parts beyond their range carry over: month 14 is February of the next year.</summary>
    private static BsonDateTime Built(BsonValue?[] values, BsonValue zone)
    {
        var numbers = new long[Names.Length];
        for (var i = 0; i < numbers.Length; i++)
        {
            numbers[i] = Numbers.TryWhole(values[i], out var whole) ? whole
                : throw MongoError.Location(40515, $"'{Names[i]}' must evaluate to an integer, found {TypeNames.Of(values[i])} with value {ShellText.Of(values[i])}");
        }

        if (numbers[0] is < 1 or > 9999 || Array.Exists(numbers[1..6], number => number is < -32768 or > 32767))
        {
            throw MongoError.Location(40523, "'year' must evaluate to an integer in the range 1 to 9999, and other parts to one in the range -32768 to 32767");
        }

        try
        {
            var local = new DateTime((int)numbers[0], 1, 1, 0, 0, 0, DateTimeKind.Utc).AddMonths((int)numbers[1] - 1).AddDays(numbers[2] - 1)
                .AddHours(numbers[3]).AddMinutes(numbers[4]).AddSeconds(numbers[5]).AddMilliseconds(numbers[6]);
            return new BsonDateTime(Zone.ToUtc(zone, local));
        }
        catch (ArgumentOutOfRangeException)
        {
            throw MongoError.NotImplemented("A date outside of the years 1 to 9999");
        }
    }
}
