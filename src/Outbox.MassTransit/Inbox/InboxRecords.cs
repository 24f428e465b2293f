using MassTransit;
using Outbox.Capture;
using Outbox.Inbox.Replaying;
using Outbox.Inbox.Sequencing;
using Outbox.Messages;
using Outbox.Messages.Registration;
using Outbox.Versioning;
using MessageHeaders = Outbox.Messages.MessageHeaders;

namespace Outbox.Inbox;

/// <summary>Makes one consumer's inbox records of messages of one type.</summary>
/// <param name="endpoint">The endpoint.</param>
/// <param name="consumer">The consumer's class.</param>
/// <param name="name">What records call it.</param>
internal sealed class InboxRecords<TMessage>(InboxEndpoint endpoint, string consumer, string name)
    where TMessage : class
{
    private readonly Lazy<bool> _mayShare = new(() => endpoint.Consumers.MayShare(typeof(TMessage)));
    private readonly MessageRegistration? _registration = endpoint.Registry.TryGet(typeof(TMessage), out var found) ? found : null;

    public string Type => _registration?.Type ?? MessageTypeName.Of(typeof(TMessage));

    public string Consumer => consumer;

    public InboxRecord Of(ConsumeContext<TMessage> context)
    {
        context.TryGetPayload<Cause>(out var cause);
        // Where there is a cause, the transport has read the message, and has made a stamp if it could.
        var correlationId = cause is not null
            ? cause.CorrelationId
            : context.Headers.Get<string>(MessageHeaders.CorrelationId) ?? (context.ConversationId ?? context.CorrelationId)?.ToString();
        var stamp = StampOf(context, cause);
        var messageId = stamp?.MessageId ?? cause?.MessageId ?? context.MessageId?.ToString() ?? throw new OutboxException(
            $"A {typeof(TMessage).Name} on endpoint '{endpoint.Name}' has no message id, so a duplicate of it could not be recognised. Its producer must set one.");
        return new InboxRecord(endpoint.Name, messageId, Type, stamp?.EntityId, stamp?.Version > 0 ? stamp.Version : null, correlationId)
        {
            EntityType = stamp is null ? null : EntityType(cause),
            Topic = TopicOf(context, messageId),
            Sequence = stamp?.Ordering == MessageOrdering.Sequence ? SequenceOf(context, stamp) : null,
            Replay = context.TryGetPayload<ReplayScope>(out var scope) ? scope : null,
            Consumer = name,
            Consumers = _mayShare.Value ? endpoint.Consumers.Of(context) : [],
        };
    }

    private MessageStamp? StampOf(ConsumeContext<TMessage> context, Cause? cause)
    {
        if (context.TryGetPayload<MessageStamp>(out var stamp) || cause is not null)
        {
            return stamp;
        }

        return context.StampFromHeaders(_registration?.Ordering ?? default) is { } read ? Keep(context, read) : null;
    }

    private static MessageStamp Keep(ConsumeContext<TMessage> context, MessageStamp stamp) => context.AddOrUpdatePayload(() => stamp, _ => stamp);

    private static string? TopicOf(ConsumeContext<TMessage> context, string messageId) => context.TryGetPayload<RecordScope>(out var scope) ? scope.Of(messageId) : null;

    /// <summary>Tombstones and interfaces are not registered themselves, so the transport says it where it can.</summary>
    private Sequence SequenceOf(ConsumeContext<TMessage> context, MessageStamp stamp) =>
        context.TryGetPayload<Sequence>(out var sequence) ? sequence : new Sequence(endpoint.Name, _registration!.Topic, stamp.EntityId) { EntityType = _registration.EntityType };

    /// <summary>Tombstones and interfaces are not registered themselves, but the transport says what the message was.</summary>
    private string? EntityType(Cause? cause) =>
        _registration?.EntityType ?? (cause?.Type is { } type && endpoint.Registry.TryGet(type, out var registration) ? registration.EntityType : null);
}
