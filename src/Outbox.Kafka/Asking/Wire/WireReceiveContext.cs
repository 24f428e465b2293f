using MassTransit;
using MassTransit.Transports;
using Outbox.Kafka.Formats.Wire;
using Outbox.Kafka.Inbox.Running;

namespace Outbox.Kafka.Asking.Wire;

/// <summary>A request or an answer as MassTransit's transports hand messages over.</summary>
internal sealed class WireReceiveContext(byte[]? value, WireHeaders headers, ReceiveEndpointContext endpoint) : EndpointReceiveContext(endpoint, value, headers, [])
{
    /// <summary>Ends the work on a request.</summary>
    public CancellationToken Abandoned { get; init; }

    /// <summary>Where a request's consumer sends to, if not to the bus.</summary>
    public ISendEndpointProvider? Sending { get; init; }

    /// <summary>Where a request's consumer publishes to, if not to the bus.</summary>
    public IPublishEndpointProvider? Publishing { get; init; }

    public override CancellationToken CancellationToken => Abandoned;

    public override ISendEndpointProvider SendEndpointProvider => Sending ?? base.SendEndpointProvider;

    public override IPublishEndpointProvider PublishEndpointProvider => Publishing ?? base.PublishEndpointProvider;
}
