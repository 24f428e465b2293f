using System.Collections.Concurrent;
using System.Diagnostics;
using System.Diagnostics.Metrics;
using MassTransit;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Outbox.Diagnostics;

namespace Outbox.Kafka.Tests.Asking;

public sealed class TelemetryTests
{
    [Fact]
    public async Task A_question_its_processing_and_its_answer_are_one_trace()
    {
        await using var desk = new Desk();
        var spans = new ConcurrentQueue<Activity>();
        using var listener = new ActivityListener
        {
            ShouldListenTo = source => source.Name == OutboxTelemetry.Name,
            Sample = (ref ActivityCreationOptions<ActivityContext> _) => ActivitySamplingResult.AllDataAndRecorded,
            ActivityStopped = spans.Enqueue,
        };
        ActivitySource.AddActivityListener(listener);
        await desk.Answers(context => Desk.Give(context, "a"));
        var asker = await desk.Asks();

        await Desk.Ask(asker);

        await Fixture.Signal.Eventually(() => spans.Any(span => span.OperationName == $"process {desk.Topic}"), "the processing has ended");
        var asked = Assert.Single(spans, span => span.OperationName == $"send {desk.Topic}");
        var processed = Assert.Single(spans, span => span.OperationName == $"process {desk.Topic}");
        Assert.Equal(ActivityKind.Client, asked.Kind);
        Assert.Equal(asked.Context.SpanId, processed.ParentSpanId);
        Assert.Equal(asked.TraceId, processed.TraceId);
        Assert.Contains(processed.Links, link => link.Context.SpanId == asked.SpanId);
        Assert.Contains(asked.Links, link => link.Context.TraceId == asked.TraceId);
    }

    [Fact]
    public async Task What_became_of_questions_is_counted_on_both_sides()
    {
        await using var desk = new Desk();
        var answerer = await desk.Answers(context => context.Message.Weight < 0 ? throw new ArgumentException("less than nothing") : Desk.Give(context, "a"));
        var asker = await desk.Asks();
        using var asked = new Outcomes(asker, "outbox.request.duration");
        using var answered = new Outcomes(answerer, "outbox.answer.duration");

        await Desk.Ask(asker);
        await Assert.ThrowsAsync<RequestFaultException>(() => Desk.Ask(asker, weight: -1));

        Assert.Equal(["answered", "fault"], asked.Seen);
        await Fixture.Signal.Eventually(() => answered.Seen.Count == 2, "both are counted");
        Assert.Equal(["answered", "fault"], answered.Seen.Order());
    }

    private sealed class Outcomes : IDisposable
    {
        private readonly MeterListener _listener = new();
        private readonly ConcurrentQueue<string?> _seen = new();

        public Outcomes(IHost host, string histogram)
        {
            var factory = host.Services.GetRequiredService<IMeterFactory>();
            _listener.InstrumentPublished = (instrument, self) =>
            {
                if (instrument.Name == histogram && ReferenceEquals(instrument.Meter.Scope, factory))
                {
                    self.EnableMeasurementEvents(instrument);
                }
            };
            _listener.SetMeasurementEventCallback<double>((_, _, tags, _) => _seen.Enqueue(tags.ToArray().Single(tag => tag.Key == "outcome").Value as string));
            _listener.Start();
        }

        public IReadOnlyCollection<string?> Seen => [.. _seen];

        public void Dispose() => _listener.Dispose();
    }
}
