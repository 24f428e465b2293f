using System.Diagnostics.Metrics;
using Outbox.Diagnostics;
using Outbox.Inbox.Sequencing;
using Outbox.Messages.Registration;

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
    private readonly Histogram<double> _delay;
    private readonly MessageRegistry _messages;
    private readonly BoundedNames _topics = new();

    /// <summary>Creates the instruments.</summary>
    public InboxMetrics(IMeterFactory meters, MessageRegistry messages)
    {
        _messages = messages;
        var meter = OutboxTelemetry.Meter(meters);
        _duplicates = meter.CreateCounter<long>("outbox.inbox.duplicates", "{message}", "Messages that were processed before and were acknowledged without effect.");
        _skipped = meter.CreateCounter<long>("outbox.inbox.skipped", "{message}", "Messages of a type that the endpoint does not handle.");
        _parked = meter.CreateCounter<long>("outbox.inbox.parked", "{message}", "Messages that were parked.");
        _stale = meter.CreateCounter<long>("outbox.inbox.stale", "{message}", "Messages that came after their sequence had gone on without them.");
        _gaps = meter.CreateCounter<long>("outbox.inbox.gaps", "{decision}", "Decisions about messages whose predecessor did not come.");
        _lost = meter.CreateCounter<long>("outbox.inbox.lost", "{message}", "Messages that Kafka had deleted before they were read.");
        _asked = meter.CreateCounter<long>("outbox.inbox.asked", "{request}", "Times that the owner of a topic was asked for versions that did not come.");
        _void = meter.CreateCounter<long>("outbox.inbox.void", "{version}", "Versions that the owner of a topic does not have and that a sequence has stepped over.");
        _withoutId = meter.CreateCounter<long>("outbox.inbox.without_id", "{message}", "Messages that came without an id and were named by topic, partition and offset.");
        _delay = meter.CreateHistogram("outbox.processing.delay", "s", "From a message's capture to the end of its processing by an endpoint.", null, Buckets.Delay);
    }

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
        _skipped.Add(1, new KeyValuePair<string, object?>("endpoint", endpoint), new KeyValuePair<string, object?>("type", _messages.TryGet(type, out _) ? type : BoundedNames.Other));

    /// <summary>A message came without an id.</summary>
    public void WithoutId(string endpoint, string topic) =>
        _withoutId.Add(1, new KeyValuePair<string, object?>("endpoint", endpoint), new KeyValuePair<string, object?>("topic", _topics.Of(topic)));

    /// <summary>Kafka had deleted messages before they were read.</summary>
    public void Lost(string endpoint, string topic, long count) =>
        _lost.Add(count, new KeyValuePair<string, object?>("endpoint", endpoint), new KeyValuePair<string, object?>("topic", _topics.Of(topic)));

    /// <summary>The owner of a topic was asked for versions.</summary>
    public void Asked(string endpoint, string topic) =>
        _asked.Add(1, new KeyValuePair<string, object?>("endpoint", endpoint), new KeyValuePair<string, object?>("topic", _topics.Of(topic)));

    /// <summary>A sequence has stepped over versions that the owner does not have.</summary>
    public void Void(string endpoint, string topic, long count) =>
        _void.Add(count, new KeyValuePair<string, object?>("endpoint", endpoint), new KeyValuePair<string, object?>("topic", _topics.Of(topic)));

    /// <summary>Whether anybody wants to know of <see cref="Processed"/>.</summary>
    internal bool ShowsDelay => _delay.Enabled;

    /// <summary>A message was processed, so long after it was captured.</summary>
    internal void Processed(string endpoint, string topic, TimeSpan delay) => _delay.Record(
        Math.Max(0, delay.TotalSeconds), new KeyValuePair<string, object?>("endpoint", endpoint), new KeyValuePair<string, object?>("topic", _topics.Of(topic)));

    /// <summary>A message was parked.</summary>
    public void Parked(string endpoint, ParkReason reason) =>
        _parked.Add(1, new KeyValuePair<string, object?>("endpoint", endpoint), new KeyValuePair<string, object?>("reason", reason.ToString()));
}
