using Outbox.Operations.Seeing;

namespace Outbox.Dashboard.Pages.Seeing;

/// <summary>What the charts remember of one look; <see langword="null"/> is what was not known.</summary>
internal sealed record Sample(DateTimeOffset At)
{
    public double? Pending { get; init; }

    public double? OldestSeconds { get; init; }

    public double? Parked { get; init; }

    public double? Published { get; init; }

    public double? Consumed { get; init; }

    public double? Lag { get; init; }

    /// <param name="seen">What was seen.</param>
    /// <param name="earlier">An earlier look: what was done since then is a rate.</param>
    public static Sample Of(Overview seen, Overview? earlier) => new(seen.At)
    {
        Pending = seen.Pending,
        OldestSeconds = seen.OldestAge?.TotalSeconds ?? (seen.Unknown.Any(part => part.Name == "oldestAge") ? null : 0),
        Parked = seen.Parked is { } outbox && seen.InboxForAPerson is { } inbox ? outbox + inbox : null,
        Published = earlier is null ? null : seen.PublishedPerSecond(earlier),
        Consumed = earlier is null ? null : seen.ConsumedPerSecond(earlier),
        Lag = seen.Endpoints is not { } endpoints || (endpoints.Count > 0 && endpoints.All(endpoint => endpoint.Lag is null)) ? null : endpoints.Sum(endpoint => endpoint.Lag ?? 0),
    };
}
