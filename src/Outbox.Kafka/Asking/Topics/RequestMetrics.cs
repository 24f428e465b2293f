using System.Diagnostics.Metrics;
using Outbox.Diagnostics;

namespace Outbox.Kafka.Asking.Topics;

/// <summary>Counts what is asked and answered.</summary>
internal sealed class RequestMetrics
{
    private readonly Histogram<double> _asked;
    private readonly Counter<long> _late;
    private readonly Histogram<double> _answered;

    public RequestMetrics(IMeterFactory meters, IEnumerable<RequestDefinition> clients)
    {
        var meter = OutboxTelemetry.Meter(meters);
        _asked = meter.CreateHistogram("outbox.request.duration", "s", "How long askers waited, by what they got.", advice: Buckets.Batch);
        meter.CreateObservableGauge(
            "outbox.request.pending", () => clients.Select(client => new Measurement<long>(client.Pending, new KeyValuePair<string, object?>("type", client.Name))), "{request}", "Requests that wait for their answers.");
        _late = meter.CreateCounter<long>("outbox.request.late", "{answer}", "Answers that came when nobody waited for them any more.");
        _answered = meter.CreateHistogram("outbox.answer.duration", "s", "How long requests took to be answered, by what became of them.", advice: Buckets.Batch);
    }

    public void Asked(string type, string outcome, TimeSpan took) => Record(_asked, "type", type, outcome, took);

    public void Late(string topic) => _late.Add(1, new KeyValuePair<string, object?>("topic", topic));

    public void Answered(string endpoint, string outcome, TimeSpan took) => Record(_answered, "endpoint", endpoint, outcome, took);

    private static void Record(Histogram<double> histogram, string tag, string value, string outcome, TimeSpan took) =>
        histogram.Record(took.TotalSeconds, new KeyValuePair<string, object?>(tag, value), new KeyValuePair<string, object?>("outcome", outcome));
}
