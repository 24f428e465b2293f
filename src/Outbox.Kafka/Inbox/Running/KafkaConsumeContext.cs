using MassTransit;
using MassTransit.Context;
using MassTransit.Scheduling;
using MassTransit.Serialization;
using Outbox.Kafka.Inbox.Way;

namespace Outbox.Kafka.Inbox.Running;

/// <summary>The context of a message that is an object already. It makes no <c>Fault</c> messages by itself: what fails is parked, and its fault is published then, where that is wanted.</summary>
internal sealed class KafkaConsumeContext(ReceiveContext receiveContext, DecodedMessage decoded, IBus bus)
    : BodyConsumeContext(receiveContext, new DecodedSerializerContext(new EnvelopeMessageContext(decoded.Envelope!, receiveContext), decoded.Content!))
{
    public override bool TryGetPayload<T>(out T payload)
    {
        if (typeof(T) != typeof(MessageSchedulerContext))
        {
            return base.TryGetPayload(out payload!);
        }

        // For a scheduled redelivery; consumers have a context of their own.
        payload = (T)(object)new ConsumeMessageSchedulerContext(this, context => new MessageScheduler(new DelayedScheduleMessageProvider(context), bus.Topology));
        return true;
    }

    protected override Task GenerateFault<T>(ConsumeContext<T> context, Exception exception) => Task.CompletedTask;
}
