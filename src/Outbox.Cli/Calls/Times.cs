using System.Globalization;
using Outbox.Cli.Answers;

namespace Outbox.Cli.Calls;

/// <summary>Reads times and lengths as a person types them.</summary>
internal static class Times
{
    /// <summary>A length: <c>90s</c>, <c>15m</c>, <c>2h</c>, <c>1d</c>, or <c>01:30:00</c>.</summary>
    /// <exception cref="CommandException">It is none.</exception>
    public static TimeSpan Length(string text, string option)
    {
        var trimmed = text.Trim();
        if (trimmed.Length > 1 && UnitOf(trimmed[^1]) is { } unit && double.TryParse(trimmed[..^1], NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out var number)
            && number * unit.TotalSeconds < TimeSpan.MaxValue.TotalSeconds)
        {
            return unit * number;
        }

        return trimmed.Contains(':', StringComparison.Ordinal) && TimeSpan.TryParse(trimmed, CultureInfo.InvariantCulture, out var span) && span >= TimeSpan.Zero
            ? span
            : throw new CommandException(ExitCode.Usage, $"{option} '{Plain.Short(text, 40)}' is no length of time: 90s, 15m, 2h, 1d or 01:30:00.");
    }

    /// <summary>A moment: ISO 8601, in UTC unless it says otherwise; or a length, which is counted back from now.</summary>
    /// <exception cref="CommandException">It is neither.</exception>
    public static DateTimeOffset Moment(string text, string option, DateTimeOffset now)
    {
        if (DateTimeOffset.TryParse(text, CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal | DateTimeStyles.AdjustToUniversal, out var moment) && text.Contains('-', StringComparison.Ordinal))
        {
            return moment;
        }

        try
        {
            return now - Length(text, option);
        }
        catch (Exception error) when (error is CommandException or ArgumentOutOfRangeException)
        {
            throw new CommandException(ExitCode.Usage, $"{option} '{Plain.Short(text, 40)}' is no time: 2026-11-26T05:30:00Z, or 15m, 2h or 1d ago.", error);
        }
    }

    private static TimeSpan? UnitOf(char letter) => letter switch
    {
        's' => TimeSpan.FromSeconds(1),
        'm' => TimeSpan.FromMinutes(1),
        'h' => TimeSpan.FromHours(1),
        'd' => TimeSpan.FromDays(1),
        _ => null,
    };
}
