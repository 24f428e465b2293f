using System.Diagnostics.Metrics;
using Outbox.Diagnostics;
using Outbox.Inbox.Health;
using Outbox.Operations.Pausing;

namespace Outbox.Statistics;

/// <summary>Shows how far the topic endpoints of this process are.</summary>
internal sealed class EndpointGauges
{
    public EndpointGauges(IMeterFactory meters, EndpointStates endpoints, PauseBook pauses)
    {
        var meter = OutboxTelemetry.Meter(meters);
        meter.CreateObservableGauge("outbox.endpoint.lag", () => Each(endpoints, state => state.Lag), "{message}", "Messages of this process's partitions that are not done.");
        meter.CreateObservableGauge(
            "outbox.endpoint.lag.time", () => Each(endpoints, state => state.LagTime?.TotalSeconds), "s", "How long ago the oldest message was published that is read and not done; 0 if nothing is left.");
        meter.CreateObservableGauge(
            "outbox.endpoint.paused", () => Each<int>(endpoints, state => pauses.Find(PauseTarget.Endpoint(state.Endpoint)) is null ? 0 : 1), unit: null, "Whether a person has paused the endpoint: 1 or 0.");
        meter.CreateObservableGauge(
            "outbox.endpoint.failing.time", () => Each<double>(endpoints, Failing), "s", "For how long something has kept the endpoint from working; 0 if nothing does.");
    }

    private static double? Failing(EndpointState state) => state.Faults.Select(fault => fault.For.TotalSeconds).DefaultIfEmpty().Max();

    private static IEnumerable<Measurement<T>> Each<T>(EndpointStates endpoints, Func<EndpointState, T?> value)
        where T : struct =>
        from endpoint in endpoints.All
        let shown = value(endpoint)
        where shown is not null
        select new Measurement<T>(
            shown.Value, new KeyValuePair<string, object?>("endpoint", endpoint.Endpoint), new KeyValuePair<string, object?>("topic", endpoint.Topic));
}
