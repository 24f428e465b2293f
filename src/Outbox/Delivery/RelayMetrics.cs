using System.Diagnostics.Metrics;
using Outbox.Diagnostics;
using Outbox.Messages;

namespace Outbox.Delivery;

/// <summary>Counts what the relay does.</summary>
internal sealed class RelayMetrics
{
    private readonly BoundedNames _topics = new();
    private readonly Counter<long> _published;
    private readonly Counter<long> _parked;
    private readonly Counter<long> _expired;
    private readonly Counter<long> _failures;
    private readonly Counter<long> _watchFailures;
    private readonly Histogram<double> _batchDuration;
    private readonly Histogram<long> _batchSize;
    private readonly Histogram<double> _delivery;
    private long _total;

    public RelayMetrics(IMeterFactory meters)
    {
        var meter = OutboxTelemetry.Meter(meters);
        _published = meter.CreateCounter<long>("outbox.relay.published", "{message}", "Messages published and removed.");
        _parked = meter.CreateCounter<long>("outbox.relay.parked", "{message}", "Messages parked because they cannot be published.");
        _expired = meter.CreateCounter<long>("outbox.relay.expired", "{message}", "Messages dropped because they expired.");
        _failures = meter.CreateCounter<long>("outbox.relay.failures", "{attempt}", "Attempts that failed and will be repeated.");
        _watchFailures = meter.CreateCounter<long>("outbox.relay.watch.failures", "{failure}", "Times that watching for other processes' commits failed and polling alone went on.");
        _batchDuration = meter.CreateHistogram("outbox.relay.batch.duration", "s", "From the start of publishing a batch to its last delivery report.", null, Buckets.Batch);
        _batchSize = meter.CreateHistogram("outbox.relay.batch.size", "{message}", "Messages that were published at once.", null, Buckets.Size);
        _delivery = meter.CreateHistogram("outbox.delivery.duration", "s", "From a message's capture, or from when it was due, to its acknowledgement by the brokers.", null, Buckets.Delay);
    }

    /// <summary>How many messages this process has published, whether anybody listens to its metrics or not.</summary>
    public long Total => Interlocked.Read(ref _total);

    /// <param name="published">What was acknowledged.</param>
    /// <param name="failed">The first of each entity that was not.</param>
    /// <param name="size">How many were given to the publisher.</param>
    /// <param name="duration">How long it took.</param>
    /// <param name="now">The time.</param>
    public void Batch(IReadOnlyCollection<OutboxMessage> published, IEnumerable<OutboxMessage> failed, int size, TimeSpan duration, DateTimeOffset now)
    {
        Interlocked.Add(ref _total, published.Count);
        Count(_published, published);
        Count(_failures, failed);
        _batchDuration.Record(duration.TotalSeconds);
        _batchSize.Record(size);
        if (!_delivery.Enabled)
        {
            return;
        }

        foreach (var message in published)
        {
            // A producer whose clock is ahead has captured nothing in the future.
            var waited = now - (message.NotBefore > message.Timestamp ? message.NotBefore.Value : message.Timestamp);
            _delivery.Record(Math.Max(0, waited.TotalSeconds), TopicOf(message.Topic));
        }
    }

    public void Settled(IReadOnlyCollection<OutboxMessage> expired, IEnumerable<OutboxMessage> parked)
    {
        Count(_expired, expired);
        Count(_parked, parked);
    }

    public void WatchFailed() => _watchFailures.Add(1);

    private void Count(Counter<long> counter, IEnumerable<OutboxMessage> messages)
    {
        if (!counter.Enabled)
        {
            return;
        }

        foreach (var topic in messages.CountBy(message => message.Topic, StringComparer.Ordinal))
        {
            counter.Add(topic.Value, TopicOf(topic.Key));
        }
    }

    private KeyValuePair<string, object?> TopicOf(string topic) => new("topic", _topics.Of(topic));
}
