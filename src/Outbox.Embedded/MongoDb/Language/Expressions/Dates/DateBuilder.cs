using System.Globalization;
using Outbox.Embedded.MongoDb.Errors;

namespace Outbox.Embedded.MongoDb.Language.Expressions.Dates;

/// <summary>The parts of a date as a text gives them, put together.</summary>
internal sealed class DateBuilder(string text)
{
    public int? Year { get; set; }

    public int? Month { get; set; }

    public int? Day { get; set; }

    public int? WeekYear { get; set; }

    public int? Week { get; set; }

    public int? WeekDay { get; set; }

    public int? Hour { get; set; }

    public int? Minute { get; set; }

    public int? Second { get; set; }

    public int Milliseconds { get; set; }

    public TimeSpan? Offset { get; set; }

    public static MongoError Unreadable(string text, string? why = null) =>
        MongoError.ConversionFailure($"Error parsing date string '{text}'{(why is null ? "" : "; " + why)}");

    public static TimeSpan OffsetOf(string zone)
    {
        if (zone[0] is not ('+' or '-'))
        {
            return TimeSpan.Zero;
        }

        var digits = zone[1..].Replace(":", "", StringComparison.Ordinal);
        var offset = new TimeSpan(
            int.Parse(digits[..2], CultureInfo.InvariantCulture), digits.Length == 4 ? int.Parse(digits[2..], CultureInfo.InvariantCulture) : 0, 0);
        return zone[0] == '-' ? -offset : offset;
    }

    /// <summary>A time of day may be left away as a whole, or its smaller parts.</summary>
    public DateRead Build()
    {
        var weeks = WeekYear is not null || Week is not null || WeekDay is not null;
        if (weeks && (Year ?? Month ?? Day) is not null)
        {
            throw Unreadable(text, "mixing of ISO dates with natural dates is not allowed");
        }

        if (Hour is null && (Minute ?? Second) is not null)
        {
            throw Incomplete();
        }

        try
        {
            var date = weeks ? ByWeek() : new DateTime(Year ?? throw Incomplete(), Month ?? throw Incomplete(), Day ?? throw Incomplete(), 0, 0, 0, DateTimeKind.Utc);
            return new DateRead(date.AddHours(Hour ?? 0).AddMinutes(Minute ?? 0).AddSeconds(Second ?? 0).AddMilliseconds(Milliseconds), Offset);
        }
        catch (ArgumentOutOfRangeException)
        {
            throw MongoError.NotImplemented($"A date that is in no calendar ('{text}')");
        }
    }

    private DateTime ByWeek() => WeekYear is { } year && Week is { } week && WeekDay is { } day
        ? DateTime.SpecifyKind(ISOWeek.ToDateTime(year, week, (DayOfWeek)(day % 7)), DateTimeKind.Utc)
        : throw MongoError.NotImplemented($"An ISO week date with parts missing ('{text}')");

    private MongoError Incomplete() => MongoError.ConversionFailure($"an incomplete date/time string has been found, with elements missing: \"{text}\"");
}
