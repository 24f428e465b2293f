using System.Diagnostics.CodeAnalysis;
using MassTransit;
using MassTransit.Context;
using MassTransit.Scheduling;
using MassTransit.Util;
using Outbox.Kafka.Inbox.Way;

namespace Outbox.Kafka.Inbox.Running;

/// <summary>The context of a message that is an object already. It makes no <c>Fault</c> messages by itself: what fails is parked, and its fault is published then, where that is wanted.</summary>
internal sealed class KafkaConsumeContext(ReceiveContext receiveContext, DecodedMessage decoded, IBus bus)
    : BaseConsumeContext(receiveContext, new DecodedSerializerContext(new EnvelopeMessageContext(decoded.Envelope!, receiveContext), decoded.Content!))
{
    private PendingTaskCollection? _tasks;

    public override Task ConsumeCompleted => Volatile.Read(ref _tasks)?.Completed(CancellationToken) ?? Task.CompletedTask;

    public override Guid? MessageId => SerializerContext.MessageId;

    public override Guid? RequestId => SerializerContext.RequestId;

    public override Guid? CorrelationId => SerializerContext.CorrelationId;

    public override Guid? ConversationId => SerializerContext.ConversationId;

    public override Guid? InitiatorId => SerializerContext.InitiatorId;

    public override DateTime? ExpirationTime => SerializerContext.ExpirationTime;

    public override Uri SourceAddress => SerializerContext.SourceAddress!;

    public override Uri DestinationAddress => SerializerContext.DestinationAddress!;

    public override Uri ResponseAddress => SerializerContext.ResponseAddress!;

    public override Uri FaultAddress => SerializerContext.FaultAddress!;

    public override DateTime? SentTime => SerializerContext.SentTime;

    public override Headers Headers => SerializerContext.Headers;

    public override HostInfo Host => SerializerContext.Host;

    public override IEnumerable<string> SupportedMessageTypes => SerializerContext.SupportedMessageTypes;

    public override void AddConsumeTask(Task task) => LazyInitializer.EnsureInitialized(ref _tasks, static () => new PendingTaskCollection(1)).Add(task);

    public override bool HasMessageType(Type messageType) => SerializerContext.IsSupportedMessageType(messageType);

    public override bool TryGetMessage<T>([NotNullWhen(true)] out ConsumeContext<T>? consumeContext)
        where T : class
    {
        consumeContext = decoded.Content is T message ? new MessageConsumeContext<T>(this, message) : null;
        return consumeContext is not null;
    }

    public override bool HasPayloadType(Type payloadType) => payloadType.IsInstanceOfType(this) || ReceiveContext.HasPayloadType(payloadType);

    public override bool TryGetPayload<T>(out T payload)
        where T : class
    {
        // The scheduler is for a scheduled redelivery; consumers have a context of their own.
        if (typeof(T) == typeof(MessageSchedulerContext))
        {
            payload = (T)(object)new ConsumeMessageSchedulerContext(this, context => new MessageScheduler(new DelayedScheduleMessageProvider(context), bus.Topology));
            return true;
        }

        payload = (this as T)!;
        return payload is not null || ReceiveContext.TryGetPayload(out payload!);
    }

    public override T GetOrAddPayload<T>(PayloadFactory<T> payloadFactory) => this as T ?? ReceiveContext.GetOrAddPayload(payloadFactory);

    public override T AddOrUpdatePayload<T>(PayloadFactory<T> addFactory, UpdatePayloadFactory<T> updateFactory) =>
        this as T ?? ReceiveContext.AddOrUpdatePayload(addFactory, updateFactory);

    protected override Task GenerateFault<T>(ConsumeContext<T> context, Exception exception) => Task.CompletedTask;
}
