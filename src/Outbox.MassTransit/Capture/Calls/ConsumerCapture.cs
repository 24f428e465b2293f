using MassTransit.Transports;

namespace Outbox.Capture.Calls;

/// <summary>How the consumers of an endpoint publish and send.</summary>
/// <param name="Endpoint">Through which filters.</param>
/// <param name="Messages">What captures.</param>
internal sealed record ConsumerCapture(Lazy<ReceiveEndpointContext> Endpoint, MessageCapture Messages);
