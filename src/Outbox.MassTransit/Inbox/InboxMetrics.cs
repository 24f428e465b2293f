using System.Diagnostics.Metrics;
using Outbox.Diagnostics;
using Outbox.Inbox.Health;
using Outbox.Inbox.Sequencing;

namespace Outbox.Inbox;

/// <summary>Counts what the inbox does; the meter is <see cref="OutboxTelemetry.Name"/>.</summary>
public sealed class InboxMetrics
{
    private readonly Counter<long> _duplicates;
    private readonly Counter<long> _skipped;
    private readonly Counter<long> _parked;
    private readonly Counter<long> _stale;
    private readonly Counter<long> _gaps;
    private readonly Counter<long> _withoutId;
    private readonly Counter<long> _lost;
    private readonly Counter<long> _asked;
    private readonly Counter<long> _void;

    /// <summary>Creates the counters.</summary>
    public InboxMetrics(IMeterFactory meters, EndpointStates endpoints)
    {
        var meter = meters.Create(OutboxTelemetry.Name);
        _duplicates = meter.CreateCounter<long>("outbox.inbox.duplicates", description: "Messages that were processed before and were acknowledged without effect.");
        _skipped = meter.CreateCounter<long>("outbox.inbox.skipped", description: "Messages of a type that the endpoint does not handle.");
        _parked = meter.CreateCounter<long>("outbox.inbox.parked", description: "Messages that were parked.");
        _stale = meter.CreateCounter<long>("outbox.inbox.stale", description: "Messages that came after their sequence had gone on without them.");
        _gaps = meter.CreateCounter<long>("outbox.inbox.gaps", description: "Decisions about messages whose predecessor did not come.");
        meter.CreateObservableGauge("outbox.inbox.lag", () => Lags(endpoints), description: "Messages of this process's partitions that are not done.");
        _lost = meter.CreateCounter<long>("outbox.inbox.lost", description: "Messages that Kafka had deleted before they were read.");
        _asked = meter.CreateCounter<long>("outbox.inbox.asked", description: "Times that the owner of a topic was asked for versions that did not come.");
        _void = meter.CreateCounter<long>("outbox.inbox.void", description: "Versions that the owner of a topic does not have and that a sequence has stepped over.");
        _withoutId = meter.CreateCounter<long>("outbox.inbox.without_id", description: "Messages that came without an id and were named by topic, partition and offset.");
    }

    private static IEnumerable<Measurement<long>> Lags(EndpointStates endpoints) =>
        from endpoint in endpoints.All
        where endpoint.Lag is not null
        select new Measurement<long>(
            endpoint.Lag ?? 0, new KeyValuePair<string, object?>("endpoint", endpoint.Endpoint), new KeyValuePair<string, object?>("topic", endpoint.Topic));

    /// <summary>A message was processed before.</summary>
    public void Duplicate(string endpoint) => _duplicates.Add(1, new KeyValuePair<string, object?>("endpoint", endpoint));

    /// <summary>A sequence had gone on without the message.</summary>
    public void Stale(string endpoint) => _stale.Add(1, new KeyValuePair<string, object?>("endpoint", endpoint));

    internal void Count(string endpoint, InboxOutcome outcome)
    {
        if (outcome == InboxOutcome.Duplicate)
        {
            Duplicate(endpoint);
        }
        else if (outcome == InboxOutcome.Stale)
        {
            Stale(endpoint);
        }
    }

    /// <summary>A predecessor did not come.</summary>
    public void Gap(string endpoint, GapPolicy decision) =>
        _gaps.Add(1, new KeyValuePair<string, object?>("endpoint", endpoint), new KeyValuePair<string, object?>("decision", decision.ToString()));

    /// <summary>A message's type is not handled by its endpoint.</summary>
    public void Skipped(string endpoint, string type) =>
        _skipped.Add(1, new KeyValuePair<string, object?>("endpoint", endpoint), new KeyValuePair<string, object?>("type", type));

    /// <summary>A message came without an id.</summary>
    public void WithoutId(string endpoint, string topic) =>
        _withoutId.Add(1, new KeyValuePair<string, object?>("endpoint", endpoint), new KeyValuePair<string, object?>("topic", topic));

    /// <summary>Kafka had deleted messages before they were read.</summary>
    public void Lost(string endpoint, string topic, long count) =>
        _lost.Add(count, new KeyValuePair<string, object?>("endpoint", endpoint), new KeyValuePair<string, object?>("topic", topic));

    /// <summary>The owner of a topic was asked for versions.</summary>
    public void Asked(string endpoint, string topic) =>
        _asked.Add(1, new KeyValuePair<string, object?>("endpoint", endpoint), new KeyValuePair<string, object?>("topic", topic));

    /// <summary>A sequence has stepped over versions that the owner does not have.</summary>
    public void Void(string endpoint, string topic, long count) =>
        _void.Add(count, new KeyValuePair<string, object?>("endpoint", endpoint), new KeyValuePair<string, object?>("topic", topic));

    /// <summary>A message was parked.</summary>
    public void Parked(string endpoint, ParkReason reason) =>
        _parked.Add(1, new KeyValuePair<string, object?>("endpoint", endpoint), new KeyValuePair<string, object?>("reason", reason.ToString()));
}
