using System.Globalization;
using Outbox.Dashboard.Pages.Markup;

namespace Outbox.Dashboard.Pages.Seeing;

/// <summary>A small chart over the last hour. What was not known is a gap.</summary>
internal static class Chart
{
    private const double Width = 240;
    private const double Height = 36;

    /// <summary>Samples further apart than this are no line: nothing was looked at in between.</summary>
    private static readonly TimeSpan Gap = TimeSpan.FromSeconds(60);

    /// <param name="name">What it shows.</param>
    /// <param name="samples">The samples, the earliest first.</param>
    /// <param name="value">What counts of them.</param>
    public static Html Of(string name, IReadOnlyList<Sample> samples, Func<Sample, double?> value)
    {
        var most = samples.Max(value) ?? 0;
        var lines = Lines(samples, value).Where(line => line.Count > 1).ToList();
        if (lines.Count == 0)
        {
            return Html.Of($"<p class=\"spark none\">no chart yet</p>");
        }

        var end = samples[^1].At;
        var label = string.Create(CultureInfo.InvariantCulture, $"{name} over the last hour: at most {most:#,##0.#}, at least {samples.Min(value) ?? 0:#,##0.#}");
        return Html.Of($"""
            <svg class="spark" role="img" aria-label="{label}" viewBox="0 0 {Width} {Height}" preserveAspectRatio="none"><title>{label}</title>
            {Html.Each(lines, line => Html.Of($"<polyline points=\"{Html.Join(line.Select(point => Point(end - point.At, point.Value, most)), $" ")}\"/>"))}
            </svg>
            """);
    }

    private static Html Point(TimeSpan ago, double value, double most)
    {
        var (x, y) = (Width * (1 - (ago / SampleSeries.Length)), Height - 2 - ((Height - 4) * (most <= 0 ? 0 : value / most)));
        return Html.Of($"{x},{y}");
    }

    private static List<List<(DateTimeOffset At, double Value)>> Lines(IReadOnlyList<Sample> samples, Func<Sample, double?> value)
    {
        List<List<(DateTimeOffset At, double Value)>> lines = [[]];
        foreach (var sample in samples)
        {
            var known = value(sample);
            if (known is null || (lines[^1].Count > 0 && sample.At - lines[^1][^1].At > Gap))
            {
                lines.Add([]);
            }

            if (known is { } number)
            {
                lines[^1].Add((sample.At, number));
            }
        }

        return lines;
    }
}
