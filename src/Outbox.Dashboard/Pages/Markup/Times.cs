using System.Globalization;

namespace Outbox.Dashboard.Pages.Markup;

/// <summary>Times as a person says them, with the exact one beside it.</summary>
internal static class Times
{
    /// <summary>When something was or will be.</summary>
    public static Html At(DateTimeOffset? time, DateTimeOffset now) => time is not { } at ? Html.None
        : Html.Of($"<time datetime=\"{at.UtcDateTime.ToString("O", CultureInfo.InvariantCulture)}\" title=\"{Exact(at)}\">{(at <= now ? $"{Span(now - at)} ago" : $"in {Span(at - now)}")}</time>");

    /// <summary>The moment itself, in UTC.</summary>
    public static string Exact(DateTimeOffset time) => time.UtcDateTime.ToString("yyyy-MM-dd HH:mm:ss 'UTC'", CultureInfo.InvariantCulture);

    /// <summary>How long something lasts: <c>45 s</c>, <c>3 min</c>, <c>2 h 10 min</c>, <c>4 d</c>.</summary>
    public static string Span(TimeSpan time) => time.Duration() switch
    {
        { TotalSeconds: < 1 } => "< 1 s",
        { TotalMinutes: < 1 } span => Text($"{(int)span.TotalSeconds} s"),
        { TotalHours: < 1 } span => Text($"{(int)span.TotalMinutes} min"),
        { TotalDays: < 1 } span => span.Minutes == 0 ? Text($"{span.Hours} h") : Text($"{span.Hours} h {span.Minutes} min"),
        { TotalDays: < 7 } span when span.Hours > 0 => Text($"{span.Days} d {span.Hours} h"),
        var span => Text($"{span.Days} d"),
    };

    private static string Text(FormattableString text) => text.ToString(CultureInfo.InvariantCulture);
}
