using System.Globalization;
using Outbox.Embedded.MongoDb.Errors;

namespace Outbox.Embedded.MongoDb.Language.Expressions.Dates;

/// <summary>Dates written and read.</summary>
internal static class DateText
{
    private static readonly string[] Zones = ["", "'Z'", "K", "zzz"];

    private static readonly string[] Formats =
    [
        .. new[] { "yyyy-MM-dd'T'HH:mm:ss.FFFFFFF", "yyyy-MM-dd HH:mm:ss.FFFFFFF", "yyyy-MM-dd'T'HH:mm", "yyyy-MM-dd HH:mm" }
            .SelectMany(format => Zones.Select(zone => format + zone)),
        "yyyy-MM-dd",
    ];

    public static string Iso(long milliseconds) => At(milliseconds).ToString("yyyy-MM-dd'T'HH:mm:ss.fff'Z'", CultureInfo.InvariantCulture);

    /// <summary>The moment, as far as the calendar goes that MongoDB prints and .NET knows.</summary>
    public static DateTime At(long milliseconds)
    {
        if (milliseconds < DateTimeOffset.MinValue.ToUnixTimeMilliseconds() || milliseconds > DateTimeOffset.MaxValue.ToUnixTimeMilliseconds())
        {
            throw MongoError.NotImplemented($"A date outside of the years 1 to 9999 ({milliseconds} ms) in an expression on its parts");
        }

        return DateTimeOffset.FromUnixTimeMilliseconds(milliseconds).UtcDateTime;
    }

    public static long Read(string text) =>
        DateTimeOffset.TryParseExact(text, Formats, CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal, out var date)
            ? date.ToUnixTimeMilliseconds()
            : throw MongoError.ConversionFailure($"Error parsing date string '{text}' in $convert with no onError value: only ISO 8601 is read");
}
