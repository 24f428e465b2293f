using System.Text.Json.Serialization;
using Outbox.Dashboard.Api.Answering;
using Outbox.Inbox;
using Outbox.Operations.Seeing;

namespace Outbox.Dashboard.Api.Seeing;

/// <summary>An outbox and its inbox at one moment. What is not known is left out, and named among the unknown.</summary>
internal sealed record OverviewAnswer(
    DateTimeOffset At, [property: JsonConverter(typeof(CamelCase<OverviewState>))] OverviewState State, IReadOnlyList<HealthAnswer.Finding> Findings, IReadOnlyList<OverviewAnswer.UnknownAnswer> Unknown)
{
    public long? Pending { get; init; }

    public long? Delayed { get; init; }

    public double? OldestAgeSeconds { get; init; }

    public long? Parked { get; init; }

    public IReadOnlyList<Total>? OutboxParked { get; init; }

    public IReadOnlyList<Total>? InboxParked { get; init; }

    public int? Lanes { get; init; }

    public IReadOnlyList<int>? LanesWithoutOwner { get; init; }

    public IReadOnlyList<Relay>? Relays { get; init; }

    public IReadOnlyList<Closed>? ClosedPlaces { get; init; }

    public IReadOnlyList<EndpointAnswer>? Endpoints { get; init; }

    public IReadOnlyList<PauseAnswer>? Pauses { get; init; }

    public static OverviewAnswer Of(Overview seen) => new(seen.At, seen.State, HealthAnswer.Of(seen).Findings, [.. seen.Unknown.Select(part => new UnknownAnswer(part.Name, part.Reason))])
    {
        Pending = seen.Pending,
        Delayed = seen.Delayed,
        OldestAgeSeconds = seen.OldestAge?.TotalSeconds,
        Parked = seen.Parked,
        OutboxParked = seen.OutboxParked?.Select(Total.Of).ToList(),
        InboxParked = seen.InboxParked?.Select(Total.Of).ToList(),
        Lanes = seen.Lanes,
        LanesWithoutOwner = seen.LanesWithoutOwner,
        Relays = seen.Relays?.Select(relay => new Relay(relay.Name, relay.Lanes) { SeenAt = relay.SeenAt, Published = relay.Published?.Count, PublishedSince = relay.Published?.Since }).ToList(),
        ClosedPlaces = seen.ClosedPlaces?.Select(place => new Closed(place.Reason, place.Since) { Topic = place.Topic, Partition = place.Partition }).ToList(),
        Endpoints = seen.Endpoints?.Select(EndpointAnswer.Of).ToList(),
        Pauses = seen.Pauses?.Select(PauseAnswer.Of).ToList(),
    };

    /// <summary>How much is parked in one topic or endpoint for one reason.</summary>
    internal sealed record Total(string Place, [property: JsonConverter(typeof(CamelCase<ParkReason>))] ParkReason Reason, long Count, double OldestAgeSeconds)
    {
        public static Total Of(ParkedTotal total) => new(total.Place, total.Reason, total.Count, total.OldestAge.TotalSeconds);
    }

    /// <summary>A relay that lives, and how many messages it has published since when.</summary>
    internal sealed record Relay(string Name, IReadOnlyList<int> Lanes)
    {
        public DateTimeOffset? SeenAt { get; init; }

        public long? Published { get; init; }

        public DateTimeOffset? PublishedSince { get; init; }
    }

    /// <summary>What takes nothing: a partition, a topic, or, with neither, the cluster.</summary>
    internal sealed record Closed(string Reason, DateTimeOffset Since)
    {
        public string? Topic { get; init; }

        public int? Partition { get; init; }
    }

    /// <summary>What could not be found out.</summary>
    internal sealed record UnknownAnswer(string Name, string Reason);
}
