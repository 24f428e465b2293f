using MassTransit;
using MassTransit.Serialization;
using Outbox.Kafka.Inbox.Way;

namespace Outbox.Kafka.Inbox.Running;

/// <summary>The context of a message that is an object already. It makes no <c>Fault</c> messages: what fails is parked.</summary>
internal sealed class KafkaConsumeContext(ReceiveContext receiveContext, DecodedMessage decoded)
    : BodyConsumeContext(receiveContext, new DecodedSerializerContext(new EnvelopeMessageContext(decoded.Envelope!, receiveContext), decoded.Content!))
{
    protected override Task GenerateFault<T>(ConsumeContext<T> context, Exception exception) => Task.CompletedTask;
}
