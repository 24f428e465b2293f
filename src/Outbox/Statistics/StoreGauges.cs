using System.Diagnostics.Metrics;
using Outbox.Diagnostics;
using Outbox.Inbox;

namespace Outbox.Statistics;

/// <summary>Shows how much there is in the store, from the one process that looks.</summary>
internal sealed class StoreGauges
{
    private readonly BoundedNames _places = new();

    public StoreGauges(IMeterFactory meters, LatestStatistics latest)
    {
        var meter = OutboxTelemetry.Meter(meters);
        Instrument[] all =
        [
            meter.CreateObservableGauge("outbox.pending", () => One(latest.Current?.Pending), "{message}", "About how many messages are not published, delayed ones included."),
            meter.CreateObservableGauge("outbox.delayed", () => One(latest.Current?.Delayed), "{message}", "Delayed messages, counted up to 10,000."),
            meter.CreateObservableGauge("outbox.oldest.age", () => One(latest.Current?.OldestAge?.TotalSeconds), "s", "How long ago the oldest message was captured that could be published; 0 if there is none."),
            meter.CreateObservableGauge("outbox.parked", () => Parked(latest.Current?.Parked), "{message}", "Parked messages, counted up to 10,000 for each place and reason."),
            meter.CreateObservableGauge("outbox.parked.oldest.age", () => OldestParked(latest.Current?.Parked), "s", "How long ago the first of the messages was parked that wait for a person; 0 if there is none."),
            meter.CreateObservableGauge("outbox.sequence.waiting", () => Waiting(latest.Current?.Gaps), "{message}", "Messages that wait for an earlier version of their entity, counted up to 10,000."),
            meter.CreateObservableGauge("outbox.gap.oldest.age", () => One(OldestOf(latest.Current?.Gaps)), "s", "How long the first of the messages has waited for an earlier version; 0 if none does."),
            meter.CreateObservableGauge("outbox.lane.unowned", () => One(latest.Current?.UnownedLanes), "{lane}", "Lanes that no relay has."),
            meter.CreateObservableGauge("outbox.instance.count", () => One(latest.Current?.Instances), "{instance}", "Instances of the service that live."),
            meter.CreateObservableGauge("outbox.stats.age", () => One(latest.Age?.TotalSeconds), "s", "For how long not all of the numbers of the store have been known."),
        ];
        latest.WatchedBy(() => Array.Exists(all, static gauge => gauge.Enabled));
    }

    private static Measurement<T>[] One<T>(T? value)
        where T : struct => value is { } known ? [new Measurement<T>(known)] : [];

    private static double? OldestOf(IReadOnlyList<ParkedCount>? counts) => counts?.Select(count => count.OldestAge.TotalSeconds).DefaultIfEmpty().Max();

    private static IEnumerable<Measurement<double>> OldestParked(IReadOnlyList<ParkedCount>? parked) => parked is null ? [] : new[] { false, true }.Select(isInbox => new Measurement<double>(
        OldestOf([.. parked.Where(count => count.IsInbox == isInbox && count.Reason != nameof(ParkReason.Held))]) ?? 0, Side(isInbox)));

    private IEnumerable<Measurement<long>> Parked(IReadOnlyList<ParkedCount>? parked) => (parked ?? []).GroupBy(count => (count.IsInbox, Place: _places.Of(count.Place), count.Reason)).Select(same =>
        new Measurement<long>(same.Sum(count => count.Count), Side(same.Key.IsInbox), new(same.Key.IsInbox ? "endpoint" : "topic", same.Key.Place), new("reason", same.Key.Reason)));

    private IEnumerable<Measurement<long>> Waiting(IReadOnlyList<ParkedCount>? gaps) =>
        (gaps ?? []).GroupBy(count => _places.Of(count.Place)).Select(same => new Measurement<long>(same.Sum(count => count.Count), new KeyValuePair<string, object?>("endpoint", same.Key)));

    private static KeyValuePair<string, object?> Side(bool isInbox) => new("side", isInbox ? "inbox" : "outbox");
}
