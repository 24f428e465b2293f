using System.Globalization;
using System.Text.RegularExpressions;
using Outbox.Embedded.MongoDb.Errors;

namespace Outbox.Embedded.MongoDb.Language.Expressions.Dates;

/// <summary>
/// Dates in the form of ISO 8601. MongoDB reads many others without a format ("July 4th, 2017"); what may be one of those is refused as not supported, for an error of the
/// conversion would be a wrong answer.
/// </summary>
internal static partial class IsoText
{
    public static DateRead Read(string text)
    {
        if (Iso().Match(text) is { Success: true } found)
        {
            return Read(text, found);
        }

        throw !text.AsSpan().ContainsAnyInRange('0', '9') || Numeric().IsMatch(text) ? DateBuilder.Unreadable(text)
            : MongoError.NotImplemented($"A date that is not in the form of ISO 8601 ('{text}')");
    }

    private static DateRead Read(string text, Match found)
    {
        var date = new DateBuilder(text)
        {
            Year = Number("y"),
            Month = Number("m"),
            Day = Number("d"),
            Hour = Number("h"),
            Minute = Number("i"),
            Second = Number("s"),
        };
        if (found.Groups["f"] is { Success: true } fraction)
        {
            date.Milliseconds = int.Parse(fraction.Value.PadRight(3, '0')[..3], CultureInfo.InvariantCulture);
        }

        date.Offset = found.Groups["z"] is { Success: true, Value: var zone } ? DateBuilder.OffsetOf(zone) : null;
        return date.Month > 12 || date.Day > 31 || date.Hour > 24 || date.Minute > 59 || date.Second > 60 ? throw DateBuilder.Unreadable(text) : date.Build();

        int? Number(string group) => found.Groups[group] is { Success: true } part ? int.Parse(part.Value, CultureInfo.InvariantCulture) : null;
    }

    [GeneratedRegex(@"^\s*(?<y>\d{4})-(?<m>\d{1,2})-(?<d>\d{1,2})(?:[T ](?<h>\d{1,2}):(?<i>\d{2})(?::(?<s>\d{2})(?:[.,](?<f>\d{1,9}))?)?\s*(?<z>Z|UTC|GMT|[+-]\d{2}(?::?\d{2})?)?)?\s*$",
        RegexOptions.CultureInvariant | RegexOptions.ExplicitCapture)]
    private static partial Regex Iso();

    /// <summary>Made like one of these dates, but none: a month or a year with too many digits, say.</summary>
    [GeneratedRegex(@"^\s*\d{4,}-\d+-\d+([T ][\d:.]*)?\s*$", RegexOptions.CultureInvariant)]
    private static partial Regex Numeric();
}
