using System.Globalization;
using Outbox.Dashboard.Pages.Markup;
using Outbox.Operations.Seeing;

namespace Outbox.Dashboard.Pages.Seeing;

/// <summary>The figures that one looks at first, each with its last hour.</summary>
internal static class OverviewCards
{
    public static Html Of(Overview seen, Sample last, IReadOnlyList<Sample> samples) => Html.Of($"""
        <section class="cards" aria-label="Figures">
        {Card("Pending", Count(seen, "pending", seen.Pending), Html.If(seen.Delayed > 0, $"{seen.Delayed ?? 0} of them delayed"), Chart.Of("Pending", samples, sample => sample.Pending))}
        {Card("Oldest pending", Oldest(seen), Html.None, Chart.Of("Age of the oldest in seconds", samples, sample => sample.OldestSeconds))}
        {Card("Published", Rate(last.Published), Html.None, Chart.Of("Published a second", samples, sample => sample.Published))}
        {Card("Consumed", Rate(last.Consumed), Html.None, Chart.Of("Consumed a second", samples, sample => sample.Consumed))}
        {Card("Parked", Count(seen, "parked", seen.Parked + seen.InboxForAPerson), Html.Of($"not published {Count(seen, "parked", seen.Parked)}, not processed {Count(seen, "inboxParked", seen.InboxForAPerson)}"), Chart.Of("Parked", samples, sample => sample.Parked))}
        {Card("Lag", last.Lag is { } lag ? Html.Of($"{(long)lag}") : Words.Unknown("No endpoint has told of it."), Html.None, Chart.Of("Lag", samples, sample => sample.Lag))}
        </section>
        <p class="since">Charts: the last hour, as this instance has seen it since {Times.Exact(samples[0].At)}.</p>
        """);

    private static Html Card(string name, Html value, Html more, Html chart) => Html.Of($"<div class=\"card\"><h2>{name}</h2><p class=\"figure\">{value}</p><p class=\"detail\">{more}</p>{chart}</div>");

    private static Html Count(Overview seen, string part, long? count) => count is { } known ? Html.Of($"{known}") : Unknown(seen, part);

    private static Html Oldest(Overview seen) => seen.OldestAge is { } age ? Html.Of($"{Times.Span(age)}") : seen.Unknown.Any(unknown => unknown.Name == "oldestAge") ? Unknown(seen, "oldestAge") : Html.Of($"none");

    private static Html Rate(double? rate) => rate is { } known ? Html.Of($"{known.ToString("#,##0.#", CultureInfo.InvariantCulture)}<small>/s</small>") : Html.Of($"<span class=\"unknown\" title=\"It takes two looks, some seconds apart.\">not yet</span>");

    private static Html Unknown(Overview seen, string part) => Words.Unknown(seen.Unknown.FirstOrDefault(unknown => unknown.Name == part)?.Reason);
}
