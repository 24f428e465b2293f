using Microsoft.Extensions.Hosting;

namespace Outbox.Statistics;

/// <summary>Has the gauges there when the host starts: they show nothing before somebody has made them.</summary>
internal sealed class GaugeService : IHostedService
{
    public GaugeService(StoreGauges store, RelayGauges relay, EndpointGauges endpoints) => _ = (store, relay, endpoints);

    public Task StartAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;
}
