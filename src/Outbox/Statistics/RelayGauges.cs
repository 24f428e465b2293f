using System.Diagnostics.Metrics;
using Microsoft.Extensions.Options;
using Outbox.Delivery.Health;
using Outbox.Delivery.Leases;
using Outbox.Delivery.Publishing;
using Outbox.Diagnostics;
using Outbox.Operations.Pausing;

namespace Outbox.Statistics;

/// <summary>Shows what the relay of this process does, and what keeps it from its work.</summary>
internal sealed class RelayGauges
{
    private readonly BoundedNames _topics = new();

    public RelayGauges(IMeterFactory meters, LaneLeases leases, RelayHealth health, PauseBook pauses, IOptions<OutboxOptions> options)
    {
        if (!options.Value.RelayEnabled)
        {
            // Where another process relays, these would say that nobody does.
            return;
        }

        var meter = OutboxTelemetry.Meter(meters);
        meter.CreateObservableGauge("outbox.relay.lanes", () => leases.Lanes.Count, "{lane}", "Lanes that the relay of this process has.");
        meter.CreateObservableGauge(
            "outbox.relay.paused", () => Paused(pauses), unit: null, "Whether a person has paused the relay (1 or 0), and a topic (1, with the tag topic).");
        meter.CreateObservableGauge("outbox.dependency.failing.time", () => Failing(health), "s", "For how long the relay of this process could not use what it needs; 0 if it can.");
    }

    private static IEnumerable<Measurement<double>> Failing(RelayHealth health) =>
    [
        Of("mongodb", Longest(health.Database?.For, health.Leases?.For)),
        Of("broker", health.Places.Where(place => health.NothingGetsThrough || place.Place == Place.Cluster).Select(place => (TimeSpan?)health.Since(place.Since)).Max()),
        Of("relay", health.Relay?.For),
    ];

    private static TimeSpan? Longest(TimeSpan? one, TimeSpan? other) => new[] { one, other }.Max();

    private static Measurement<double> Of(string dependency, TimeSpan? failing) => new(failing?.TotalSeconds ?? 0, new KeyValuePair<string, object?>("dependency", dependency));

    private IEnumerable<Measurement<int>> Paused(PauseBook pauses)
    {
        yield return new Measurement<int>(pauses.Find(PauseTarget.Relay) is null ? 0 : 1);
        foreach (var topic in pauses.Topics.Select(_topics.Of).Distinct())
        {
            yield return new Measurement<int>(1, new KeyValuePair<string, object?>("topic", topic));
        }
    }
}
