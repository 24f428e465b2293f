using MassTransit;
using MassTransit.Configuration;
using MassTransit.Transports;

namespace Outbox.Capture.Calls;

/// <summary>
/// Publishes and sends as the bus, or one of its receive endpoints, does: through its filters, in the caller's scope, with its observers; but what comes out is captured. It is MassTransit's own
/// machinery with another transport.
/// </summary>
internal sealed class CaptureEndpoint(IHostConfiguration host, IReceiveEndpointConfiguration configuration, MessageCapture capture) : BaseReceiveEndpointContext(host, configuration)
{
    private readonly CaptureTransports _transports = new(capture);

    public override void AddSendAgent(IAgent agent)
    {
    }

    public override void AddConsumeAgent(IAgent agent)
    {
    }

    public override Exception ConvertException(Exception exception, string message) => new OutboxException($"{message}: {exception.Message}", exception);

    protected override ISendTransportProvider CreateSendTransportProvider() => _transports;

    protected override IPublishTransportProvider CreatePublishTransportProvider() => _transports;
}
