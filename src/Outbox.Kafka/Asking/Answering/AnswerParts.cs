using MassTransit.Transports;
using Outbox.Kafka.Asking.Topics;
using Outbox.Kafka.Asking.Wire;
using Outbox.Kafka.Inbox.Endpoint;
using Outbox.Kafka.Inbox.Parts;
using Outbox.Kafka.Inbox.Replaying;
using Outbox.Kafka.Inbox.Way;

namespace Outbox.Kafka.Asking.Answering;

/// <summary>What answers requests: they are received as messages are, and their way is one step. Nothing is noted, parked or tried again.</summary>
internal sealed class AnswerParts(IServiceProvider services, TopicEndpointSettings settings, RequestTypes types)
    : ReceivingParts(services, settings, new ReplayGate(isOpen: true))
{
    public (EndpointHealth Health, Action<CancellationToken> Loop) Start(ReceiveEndpointContext context, CancellationToken stopping)
    {
        var health = new EndpointHealth(context, State, stopping);
        var sender = new AnswerSender(Name.Group, Get<RequestProducer>(), Time, Logger);
        var step = new AnswerStep(new AnswerPipeline(context, Name.Group), types, sender, Get<RequestMetrics>());
        var loop = Receive(new MessageWay([step], AnswerEnding.Instance), health);
        return (health, loop.Run);
    }
}
