using System.Globalization;

namespace Outbox.Operations;

/// <summary>Times as a person says them.</summary>
internal static class Ages
{
    /// <summary>How long something lasts: <c>45 s</c>, <c>3 min</c>, <c>2 h 10 min</c>, <c>4 d</c>.</summary>
    public static string Of(TimeSpan time) => time.Duration() switch
    {
        { TotalSeconds: < 1 } => "< 1 s",
        { TotalMinutes: < 1 } span => Text($"{(int)span.TotalSeconds} s"),
        { TotalHours: < 1 } span => Text($"{(int)span.TotalMinutes} min"),
        { TotalDays: < 1 } span => span.Minutes == 0 ? Text($"{span.Hours} h") : Text($"{span.Hours} h {span.Minutes} min"),
        { TotalDays: < 7 } span when span.Hours > 0 => Text($"{span.Days} d {span.Hours} h"),
        var span => Text($"{span.Days} d"),
    };

    /// <summary>When something was or will be, as seen from a moment.</summary>
    public static string At(DateTimeOffset time, DateTimeOffset now) => time <= now ? $"{Of(now - time)} ago" : $"in {Of(time - now)}";

    /// <summary>The moment itself, in UTC.</summary>
    public static string Exact(DateTimeOffset time) => time.UtcDateTime.ToString("yyyy-MM-dd HH:mm:ss'Z'", CultureInfo.InvariantCulture);

    private static string Text(FormattableString text) => text.ToString(CultureInfo.InvariantCulture);
}
