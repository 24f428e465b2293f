using MassTransit;
using MassTransit.Configuration;
using MassTransit.Transports;

namespace Outbox.Capture.Calls;

/// <summary>The filters and the topology of the bus or of one of its endpoints, without what receives.</summary>
internal sealed class CaptureConfiguration(IHostConfiguration host, IEndpointConfiguration endpoint, Uri address, MessageCapture capture) : ReceiveEndpointConfiguration(host, endpoint)
{
    private readonly IHostConfiguration _host = host;

    public override Uri HostAddress => _host.HostAddress;

    public override Uri InputAddress => address;

    public override ReceiveEndpointContext CreateReceiveEndpointContext() => new CaptureEndpoint(_host, this, capture);

    public override IReceivePipe CreateReceivePipe() => new NoReceivePipe();
}
