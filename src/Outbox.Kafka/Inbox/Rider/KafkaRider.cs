using MassTransit;
using MassTransit.Transports;

namespace Outbox.Kafka.Inbox.Rider;

/// <summary>The rider, as MassTransit's buses know it.</summary>
internal interface IKafkaRider : IRider;

/// <summary>Starts, stops and checks the topic endpoints with the bus.</summary>
internal sealed class KafkaRider(ReceiveEndpointCollection endpoints) : IKafkaRider, IRiderControl
{
    public RiderHandle Start(CancellationToken cancellationToken = default) => new Running(endpoints, endpoints.StartEndpoints(cancellationToken));

    public IEnumerable<EndpointHealthResult> CheckEndpointHealth() => endpoints.CheckEndpointHealth();

    private sealed class Running(ReceiveEndpointCollection endpoints, HostReceiveEndpointHandle[] handles) : RiderHandle
    {
        public Task Ready { get; } = Task.WhenAll(handles.Select(handle => handle.Ready));

        public Task StopAsync(CancellationToken cancellationToken) => endpoints.StopEndpoints(cancellationToken);
    }
}
