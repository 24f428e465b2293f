using System.Diagnostics.Metrics;
using Microsoft.Extensions.DependencyInjection;
using Outbox.Delivery;
using Outbox.Diagnostics;
using Outbox.Inbox;
using Outbox.Messages;
using Outbox.Messages.Registration;
using Outbox.Tests.Delivery;

namespace Outbox.Tests.Telemetry;

public sealed class TagTests : IDisposable
{
    private readonly ServiceProvider _services = new ServiceCollection().AddMetrics().BuildServiceProvider();
    private readonly MeterListener _listener = new();
    private readonly List<(string Name, double Value, KeyValuePair<string, object?>[] Tags)> _seen = [];

    public TagTests()
    {
        _listener.InstrumentPublished = (instrument, self) =>
        {
            if (ReferenceEquals(instrument.Meter.Scope, Factory))
            {
                self.EnableMeasurementEvents(instrument);
            }
        };
        _listener.SetMeasurementEventCallback<long>((instrument, value, tags, _) => _seen.Add((instrument.Name, value, tags.ToArray())));
        _listener.SetMeasurementEventCallback<double>((instrument, value, tags, _) => _seen.Add((instrument.Name, value, tags.ToArray())));
        _listener.Start();
    }

    private IMeterFactory Factory => _services.GetRequiredService<IMeterFactory>();

    public void Dispose()
    {
        _listener.Dispose();
        _services.Dispose();
    }

    [Fact]
    public void A_batch_is_counted_by_topic_and_measured_from_capture_or_from_when_it_was_due()
    {
        var now = DateTimeOffset.UnixEpoch.AddSeconds(60);
        OutboxMessage[] published = [Samples.Message("a"), Samples.Message("b") with { NotBefore = now.AddSeconds(-5) }, Samples.Message("c", topic: "pets") with { Timestamp = now.AddSeconds(9) }];

        new RelayMetrics(Factory).Batch(published, [Samples.Message("d")], 4, TimeSpan.FromSeconds(2), now);

        Assert.Equal(
            [
                "outbox.relay.published=2 topic=orders", "outbox.relay.published=1 topic=pets", "outbox.relay.failures=1 topic=orders", "outbox.relay.batch.duration=2",
                "outbox.relay.batch.size=4", "outbox.delivery.duration=60 topic=orders", "outbox.delivery.duration=5 topic=orders", "outbox.delivery.duration=0 topic=pets",
            ],
            _seen.Select(seen => string.Join(' ', [$"{seen.Name}={seen.Value}", .. seen.Tags.Select(tag => $"{tag.Key}={tag.Value}")])));
    }

    [Fact]
    public void A_type_that_is_not_registered_and_names_beyond_the_limit_are_others()
    {
        var inbox = new InboxMetrics(Factory, new MessageRegistry([new MessageRegistration(typeof(string), "known", "t", MessageIntent.Event, "e", MessageJson.Default)]));
        inbox.Skipped("e", "known");
        inbox.Skipped("e", "o-4711");
        for (var i = 0; i < 300; i++)
        {
            inbox.WithoutId("e", $"tenant-{i}");
        }

        Assert.Equal(["known", BoundedNames.Other], _seen.Where(seen => seen.Name == "outbox.inbox.skipped").Select(seen => seen.Tags.Single(tag => tag.Key == "type").Value));
        var topics = _seen.Where(seen => seen.Name == "outbox.inbox.without_id").Select(seen => seen.Tags.Single(tag => tag.Key == "topic").Value).ToList();
        Assert.Equal((201, 100), (topics.Distinct().Count(), topics.Count(topic => topic is BoundedNames.Other)));
    }

    [Fact]
    public void Durations_bring_their_buckets()
    {
        var buckets = new List<(string Name, IReadOnlyList<double>? Bounds)>();
        using var listener = new MeterListener();
        listener.InstrumentPublished = (instrument, _) =>
        {
            if (ReferenceEquals(instrument.Meter.Scope, Factory) && instrument is Histogram<double> histogram)
            {
                buckets.Add((instrument.Name, histogram.Advice?.HistogramBucketBoundaries));
            }
        };
        listener.Start();
        _ = (new RelayMetrics(Factory), new InboxMetrics(Factory, new MessageRegistry([])));

        Assert.Equal(["outbox.delivery.duration", "outbox.processing.delay", "outbox.relay.batch.duration"], buckets.Select(histogram => histogram.Name).Order());
        Assert.All(buckets, histogram => Assert.True(histogram.Bounds?.Count > 10 && histogram.Bounds[0] < 0.01, histogram.Name));
    }
}
