using MassTransit;
using MassTransit.Configuration;
using MassTransit.Transports;

namespace Outbox.Kafka.Inbox.Parts;

/// <summary>What MassTransit's pipeline asks of a topic endpoint. What is published outside of a transaction goes to the bus.</summary>
internal sealed class TopicEndpointContext(IBusInstance bus, IReceiveEndpointConfiguration configuration)
    : BaseReceiveEndpointContext(bus.HostConfiguration, configuration)
{
    public override void AddSendAgent(IAgent agent)
    {
    }

    public override void AddConsumeAgent(IAgent agent)
    {
    }

    public override Exception ConvertException(Exception exception, string message) => new OutboxException($"{message}: {exception.Message}", exception);

    protected override ISendEndpointProvider CreateSendEndpointProvider() => bus.Bus;

    protected override IPublishEndpointProvider CreatePublishEndpointProvider() => bus.Bus;

    protected override ISendTransportProvider CreateSendTransportProvider() => throw Unused();

    protected override IPublishTransportProvider CreatePublishTransportProvider() => throw Unused();

    private static NotSupportedException Unused() => new("A topic endpoint sends through the bus or the outbox, not through a transport of its own.");
}
